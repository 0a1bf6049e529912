import { Skeleton } from '@mantine/core';
import card from './child-card.module.css';
import classes from './children.module.css';
import newest from './newest.module.css';

/** The shape of the children's cards while they load: what a child with one of each has. */
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
              <Skeleton circle height={56} />
            </div>
            <Skeleton height={13} width="85%" mt={20} mb={4} />
            <div className={card.subjects}>
              <Skeleton height={40} mt={8} mb={8} />
            </div>
            <div className={newest.section}>
              <Skeleton height={13} width={80} mt={2} />
              <Skeleton height={38} mt={14} mb={8} />
            </div>
            <div className={newest.section}>
              <Skeleton height={13} width={60} mt={2} />
              <Skeleton height={58} mt={14} mb={8} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
