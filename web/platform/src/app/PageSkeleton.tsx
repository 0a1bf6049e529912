import { Skeleton } from '@mantine/core';

/** The rough shape of a page while it loads. */
export function PageSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton height={36} width={240} mb={34} />
      <Skeleton height={190} radius="lg" mb={20} />
      <Skeleton height={190} radius="lg" />
    </div>
  );
}
