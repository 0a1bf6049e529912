import type { ReactNode } from 'react';
import cardList from '../app/card-list.module.css';
import { useGlow } from '../live/use-glow.js';
import classes from './arriving-cards.module.css';

/**
 * Cards below each other, or side by side where there is room; one that comes while the page is open glows once as a whole, the very first one too. No list for
 * a screen reader: each card is an article with a name of its own.
 */
export function ArrivingCards<Item extends { readonly id: number }>(props: {
  items: readonly Item[];
  /** Shown instead of no cards. */
  empty: ReactNode;
  sideBySide?: boolean;
  children: (item: Item) => ReactNode;
}) {
  const { items, empty, sideBySide = false, children } = props;
  const glow = useGlow(items.map(({ id }) => [String(id), '']));
  if (items.length === 0) return empty;
  return (
    <div className={sideBySide ? cardList.list : classes.list}>
      {items.map((item) => (
        <div key={item.id} className={glow(String(item.id), classes.item)}>
          {children(item)}
        </div>
      ))}
    </div>
  );
}
