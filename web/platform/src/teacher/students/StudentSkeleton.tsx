import { Skeleton } from '@mantine/core';
import classes from './student-details.module.css';

/** The shape of a student's page while it loads. */
export function StudentSkeleton() {
  return (
    <div className={classes.page} aria-busy="true">
      <div className={classes.head}>
        <Skeleton circle height={64} />
        <Skeleton height={32} width={220} />
      </div>
      <Skeleton height={118} radius="lg" />
      <Skeleton height={190} radius="lg" />
    </div>
  );
}
