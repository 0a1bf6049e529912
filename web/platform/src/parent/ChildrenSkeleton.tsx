import { Skeleton } from '@mantine/core';
import card from './child-card.module.css';
import classes from './children.module.css';

/** The shape of the children's cards while they load. */
export function ChildrenSkeleton() {
  return (
    <div className={classes.container} aria-busy="true">
      <div className={classes.grid}>
        {['first', 'second'].map((key) => (
          <div key={key} className={card.card}>
            <div className={card.head}>
              <Skeleton circle height={46} />
              <div className={card.who}>
                <Skeleton height={18} width="55%" />
                <Skeleton height={13} width="75%" mt={10} />
              </div>
            </div>
            <Skeleton height={13} width="85%" mt={22} />
            <div className={card.subjects}>
              <Skeleton height={22} mt={8} />
              <Skeleton height={22} mt={16} mb={8} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
