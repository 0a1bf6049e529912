import type { SqlPool } from '@querycast/server/postgres';
import { z } from 'zod';

/** What others need to know of a material. */
export interface MaterialFacts {
  readonly authorId: number;
  /** It has never been anything but a draft: the database lets no material become one again. */
  readonly isDraft: boolean;
}

const rowsSchema = z.array(z.object({ id: z.int(), author_id: z.int(), status: z.string() }));

/** Facts of materials as they are now, by id, in one statement; those that were deleted are missing. */
export async function materialFacts(
  pool: SqlPool,
  materialIds: Iterable<number>,
): Promise<ReadonlyMap<number, MaterialFacts>> {
  const { rows } = await pool.query(
    `SELECT id, author_id, status FROM materials
      WHERE id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::int))`,
    [JSON.stringify([...new Set(materialIds)])],
  );
  return new Map(
    rowsSchema
      .parse(rows)
      .map(({ id, author_id, status }) => [id, { authorId: author_id, isDraft: status === 'draft' }]),
  );
}
