/**
 * The items in the order in which they were first shown, new ones last: a row that moves while one reads it is worse
 * than a list that is not sorted any more. Opened again, it is.
 */
export function keepOrder<Item extends { readonly id: number }>(
  items: readonly Item[],
  shownIds: readonly number[],
): Item[] {
  const places = new Map(shownIds.map((id, place) => [id, place]));
  const placeOf = ({ id }: Item) => places.get(id) ?? shownIds.length;
  return [...items].sort((a, b) => placeOf(a) - placeOf(b));
}
