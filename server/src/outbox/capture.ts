import { createHash } from 'node:crypto';
import { isIdentifier, MAX_IDENTIFIER_BYTES, quoted } from './identifier.js';
import { installSql } from './install.js';
import { OUTBOX_SQL, OUTBOX_TABLE } from './outbox-table.js';

/** One table whose changes are captured. */
export interface CapturedTable {
  /** Its name, `table` or `schema.table`, in the spelling the database keeps; the signal is registered under it. */
  readonly table: string;
  /** The columns of its primary key; always captured. */
  readonly key: readonly string[];
  /** The other columns to capture: ids and what is displayed, never credentials. A change of no other is announced. */
  readonly columns: readonly string[];
}

/** What {@link captureSql} takes. */
export interface CaptureOptions {
  readonly tables: readonly CapturedTable[];
  /**
   * 0..999,999,999, raised whenever `tables` change: a script never replaces what one with a higher version installed,
   * but says so with a `WARNING`. Default: 0, where the last one to run wins.
   */
  readonly version?: number;
}

/** What is captured was described wrongly; lists every problem. */
export class InvalidCaptureError extends Error {
  readonly code = 'invalid_capture';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`changes cannot be captured: ${problems.join('; ')}`);
    this.name = 'InvalidCaptureError';
    this.problems = problems;
  }
}

/**
 * The SQL that creates the outbox and captures changes of the given tables into it, for a migration or for every start:
 * it is idempotent, waits for others that run it, locks no table when it was run before, and needs PostgreSQL 14 or
 * PGlite. Run it as one script. A row is appended in the writer's own
 * transaction, whoever writes, and only when a listed column changed; `TRUNCATE` of a captured table is refused. Writers
 * need no rights on the outbox. Not captured: writes with `session_replication_role = replica`, as restores and logical
 * replication use it. A table taken off the list keeps its triggers until they are dropped. Throws
 * {@link InvalidCaptureError}.
 *
 * @example
 * const tables = [{ table: 'orders', key: ['id'], columns: ['customer_id', 'status'] }];
 * await client.query(captureSql({ tables, version: 1 }));
 */
export function captureSql({ tables, version = 0 }: CaptureOptions): string {
  const problems = tables.flatMap((table) => tableProblems(table, tables));
  if (!Number.isInteger(version) || version < 0 || version > MAX_VERSION) {
    problems.push(`the version is no integer from 0 to ${MAX_VERSION}`);
  }
  if (problems.length > 0) throw new InvalidCaptureError(problems);
  return installSql(
    OUTBOX_SQL + tables.map(tableSql).join(''),
    tables.map(({ table }) => quoted(table)),
    version,
  );
}

const MAX_VERSION = 999_999_999;

function tableSql({ table, key, columns }: CapturedTable): string {
  const image = (row: 'OLD' | 'NEW') =>
    [...new Set([...key, ...columns])].map((column) => `${row}."${column}" AS "${column}"`).join(', ');
  const capture = `public."${functionName(table)}"`;
  // The function writes with its owner's rights: on a table of somebody else's, its trigger would announce what they like.
  // Images are compared as jsonb because some types, json among them, have no equality of their own.
  return `
CREATE OR REPLACE FUNCTION ${capture}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $querycast$
DECLARE
  old_image jsonb;
  new_image jsonb;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    SELECT to_jsonb(image) INTO old_image FROM (SELECT ${image('OLD')}) AS image;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    SELECT to_jsonb(image) INTO new_image FROM (SELECT ${image('NEW')}) AS image;
  END IF;
  IF old_image IS DISTINCT FROM new_image THEN
    INSERT INTO ${OUTBOX_TABLE} (source, operation, old, new)
      VALUES ('${table}', lower(TG_OP), old_image, new_image);
  END IF;
  RETURN NULL;
END
$querycast$;
REVOKE EXECUTE ON FUNCTION ${capture}() FROM PUBLIC;
CREATE OR REPLACE TRIGGER querycast_capture AFTER INSERT OR UPDATE OR DELETE ON ${quoted(table)}
  FOR EACH ROW EXECUTE FUNCTION ${capture}();
CREATE OR REPLACE TRIGGER querycast_refuse_truncate BEFORE TRUNCATE ON ${quoted(table)}
  FOR EACH STATEMENT EXECUTE FUNCTION public.querycast_refuse_truncate();
`;
}

/** One function per table, told apart by a hash where the table's name leaves no room. */
function functionName(table: string): string {
  const name = `querycast_capture_${table}`;
  if (name.length <= MAX_IDENTIFIER_BYTES) return name;
  const hash = createHash('sha256').update(table).digest('hex').slice(0, 12);
  return `${name.slice(0, MAX_IDENTIFIER_BYTES - hash.length - 1)}_${hash}`;
}

function tableProblems({ table, key, columns }: CapturedTable, all: readonly CapturedTable[]): string[] {
  const problems: string[] = [];
  const parts = table.split('.');
  if (parts.length > 2 || !parts.every(isIdentifier)) {
    problems.push('a table is named by letters, digits and underscores, with or without its schema');
    return problems;
  }
  if (all.filter((other) => other.table === table).length > 1) problems.push(`${table} is listed twice`);
  if (key.length === 0) problems.push(`${table} lists no column of its key`);
  if (![...key, ...columns].every(isIdentifier)) {
    problems.push(`a column of ${table} is not named by letters, digits and underscores`);
  }
  return problems;
}
