/**
 * Looks up by id, with one call of `readAll` for all that are asked for in the same moment: when rights of many are in doubt,
 * that is one statement. What it answers is read after it was asked for, never before. Rejects all of them when `readAll`
 * does; an id that it has nothing for is `undefined`.
 */
export function lookUpTogether<Id, Row>(
  readAll: (ids: readonly Id[]) => Promise<ReadonlyMap<Id, Row>>,
): (id: Id) => Promise<Row | undefined> {
  let next: { readonly ids: Set<Id>; readonly rows: Promise<ReadonlyMap<Id, Row>> } | undefined;

  async function readNext(ids: ReadonlySet<Id>): Promise<ReadonlyMap<Id, Row>> {
    await new Promise((resolve) => setImmediate(resolve));
    // Whoever asks from here on is not answered by what is read now.
    next = undefined;
    return readAll([...ids]);
  }

  return async (id) => {
    if (!next) {
      const ids = new Set<Id>();
      next = { ids, rows: readNext(ids) };
    }
    next.ids.add(id);
    return (await next.rows).get(id);
  };
}
