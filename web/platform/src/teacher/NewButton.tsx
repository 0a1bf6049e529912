import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';

/** What begins something new. */
export function NewButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button leftSection={<IconPlus size={17} stroke={2} aria-hidden="true" />} onClick={onClick}>
      {label}
    </Button>
  );
}
