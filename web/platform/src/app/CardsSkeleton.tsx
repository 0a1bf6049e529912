import { Skeleton } from '@mantine/core';
import cardList from './card-list.module.css';

/** The shape of a list of cards while it loads. */
export function CardsSkeleton({ height }: { height: number }) {
  return (
    <div className={cardList.list} aria-busy="true">
      {['first', 'second'].map((key) => (
        <Skeleton key={key} height={height} radius="lg" />
      ))}
    </div>
  );
}
