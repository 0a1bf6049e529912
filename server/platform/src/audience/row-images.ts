import type { Change } from '@querycast/server/postgres';
import type { z } from 'zod';

/** A row before and after a change, typed; `undefined` where it was not. */
export interface RowChange<Row> {
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** The typed images of changes, in their order. Throws a `ZodError` when an image is not of that shape. */
export function rowChanges<Schema extends z.ZodType>(
  schema: Schema,
  changes: readonly Change[],
): RowChange<z.output<Schema>>[] {
  const parse = (image: Change['new']) => (image === null ? undefined : schema.parse(image));
  return changes.map((change) => ({ before: parse(change.old), after: parse(change.new) }));
}

/** The row before and the row after, as far as there are any. */
export function imagesOf<Row>({ before, after }: RowChange<Row>): Row[] {
  return [before, after].filter((image) => image !== undefined);
}

/** Whether one of these columns differs; always so when the row came or went. */
export function differs<Row extends object>({ before, after }: RowChange<Row>, ...columns: (keyof Row)[]): boolean {
  if (!before || !after) return true;
  return columns.some((column) => before[column] !== after[column]);
}
