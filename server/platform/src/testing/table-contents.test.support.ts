import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';

/**
 * A hash of every table of the platform, by name. Two are the same only when no row was added, removed or written to, be
 * it with the values it had.
 */
export async function contentsOfTables(db: Database): Promise<Record<string, string>> {
  const tables = await select<{ name: string }>(
    db,
    `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'querycast%' ORDER BY 1`,
  );
  const contents: Record<string, string> = {};
  for (const { name } of tables) {
    // A row gets another xmin whenever it is written.
    const [row] = await select<{ hash: string }>(
      db,
      `SELECT count(*) || ' ' || md5(coalesce(string_agg(t.xmin || t::text, '|' ORDER BY t.xmin || t::text), '')) AS hash
        FROM "${name}" AS t`,
    );
    contents[name] = row?.hash ?? '';
  }
  return contents;
}

/** Every text of every table of the platform, hashes of credentials left out. */
export async function textsOfTables(db: Database): Promise<string[]> {
  const columns = await select<{ table: string; column: string }>(
    db,
    `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type = 'text' AND table_name NOT LIKE 'querycast%'
        AND column_name NOT LIKE '%hash%'`,
  );
  const texts: string[] = [];
  for (const { table, column } of columns) {
    const rows = await select<{ text: string | null }>(db, `SELECT DISTINCT "${column}" AS text FROM "${table}"`);
    texts.push(...rows.flatMap(({ text }) => text ?? []));
  }
  return texts;
}

/** The highest id in the outbox. */
export async function lastInOutbox(db: Database): Promise<string> {
  const [row] = await select<{ id: string }>(db, 'SELECT coalesce(max(id), 0)::text AS id FROM querycast_outbox');
  return row?.id ?? '0';
}

/** The sources of rows that were appended to the outbox after this id. Published ones are there for a minute. */
export async function appendedAfter(db: Database, id: string): Promise<string[]> {
  const rows = await select<{ source: string }>(
    db,
    `SELECT source FROM querycast_outbox WHERE id > ${BigInt(id)} ORDER BY id`,
  );
  return rows.map(({ source }) => source);
}

async function select<Row>(db: Database, statement: string): Promise<Row[]> {
  return ((await db.execute(sql.raw(statement))) as unknown as { rows: Row[] }).rows;
}
