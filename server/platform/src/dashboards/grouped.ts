/** Rows by the key that `entryOf` gives each of them, in their order. */
export function grouped<Row, Key, Item>(
  rows: readonly Row[],
  entryOf: (row: Row) => readonly [Key, Item],
): ReadonlyMap<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const row of rows) {
    const [key, item] = entryOf(row);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
