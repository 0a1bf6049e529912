import type { ReactNode } from 'react';
import cardList from '../app/card-list.module.css';
import classes from './glow-list.module.css';
import { useGlow } from './use-glow.js';

/** Cards in a list. One that comes while the page is open glows once as a whole, the very first one too. */
export function GlowList<Item extends { readonly id: number }>(props: {
  items: readonly Item[];
  label: string;
  /** Shown instead of an empty list. */
  empty: ReactNode;
  /** Whether each card needs the whole width; default false: side by side where there is room. */
  isWide?: boolean;
  children: (item: Item) => ReactNode;
}) {
  const { items, label, empty, isWide = false, children } = props;
  const glow = useGlow(items.map(({ id }) => [String(id), '']));
  if (items.length === 0) return empty;
  return (
    <ul className={isWide ? cardList.wide : cardList.list} aria-label={label}>
      {items.map((item) => (
        <li key={item.id} className={glow(String(item.id), classes.item)}>
          {children(item)}
        </li>
      ))}
    </ul>
  );
}
