import { Skeleton } from '@mantine/core';
import classes from './child-details.module.css';

/** The shape of a child's page while it loads. */
export function ChildSkeleton() {
  return (
    <div aria-busy="true">
      <div className={classes.head}>
        <Skeleton circle height={64} />
        <Skeleton height={32} width={220} />
      </div>
      <div className={classes.sections}>
        <div className={classes.columns}>
          <Skeleton height={200} radius="lg" />
          <Skeleton height={160} mt={20} />
        </div>
        <Skeleton height={500} radius="lg" />
        <div className={classes.letters}>
          <Skeleton height={250} radius="lg" />
          <Skeleton height={250} radius="lg" />
        </div>
      </div>
    </div>
  );
}
