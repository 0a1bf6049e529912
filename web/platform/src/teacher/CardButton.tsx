import { Button } from '@mantine/core';

/** A button on a card, named for a screen reader with the thing that it acts on. */
export function CardButton(props: { label: string; of: string; isMain?: boolean; onClick: () => void }) {
  const { label, of, isMain = false, onClick } = props;
  return (
    <Button variant={isMain ? 'light' : 'default'} size="xs" aria-label={`${label} ${of}`} onClick={onClick}>
      {label}
    </Button>
  );
}
