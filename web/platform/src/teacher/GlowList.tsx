import type { ReactNode } from 'react';
import cardList from '../app/card-list.module.css';
import { useGlow } from '../live/use-glow.js';
import classes from './glow-list.module.css';

/** Cards in a list. One that comes while the page is open glows once as a whole, the very first one too. */
export function GlowList<Item extends { readonly id: number }>(props: {
  items: readonly Item[];
  label: string;
  /** Shown instead of an empty list. */
  empty: ReactNode;
  children: (item: Item) => ReactNode;
}) {
  const { items, label, empty, children } = props;
  const glow = useGlow(items.map(({ id }) => [String(id), '']));
  if (items.length === 0) return empty;
  return (
    <ul className={cardList.list} aria-label={label}>
      {items.map((item) => (
        <li key={item.id} className={glow(String(item.id), classes.item)}>
          {children(item)}
        </li>
      ))}
    </ul>
  );
}
