import { createHash } from 'node:crypto';
import { OUTBOX_TABLE } from './outbox-table.js';

/** Held while the script runs: two at once would replace the same functions, which PostgreSQL refuses. */
const INSTALL_LOCK = `hashtextextended('${OUTBOX_TABLE}', 0)`;

/**
 * Wraps a script so that it does nothing when the very same was run before and what it made on the tables is still
 * there: replacing a trigger waits for every transaction that writes to its table, and makes all others wait behind it.
 */
export function installSql(script: string, tables: readonly string[]): string {
  const mark = `querycast ${createHash('sha256').update(script).digest('hex')}`;
  // A table that was dropped and made anew has lost its triggers; one whose triggers were disabled gets them back.
  const expected = [
    triggerSql(OUTBOX_TABLE, 'querycast_outbox_notify'),
    ...tables.map((table) => triggerSql(table, 'querycast_capture')),
    ...tables.map((table) => triggerSql(table, 'querycast_refuse_truncate')),
  ];
  return `
DO $querycast_install$
BEGIN
  PERFORM pg_advisory_xact_lock(${INSTALL_LOCK});
  IF obj_description(to_regclass('${OUTBOX_TABLE}'), 'pg_class') = '${mark}' AND NOT EXISTS (
    SELECT FROM (VALUES ${expected.join(', ')}) AS expected (relation, name)
    WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND tgname = name AND tgenabled IN ('O', 'A'))
  ) THEN
    RETURN;
  END IF;
  EXECUTE $querycast_script$${script}
COMMENT ON TABLE ${OUTBOX_TABLE} IS '${mark}';
$querycast_script$;
END
$querycast_install$;
`;
}

function triggerSql(table: string, trigger: string): string {
  return `(to_regclass('${table}')::oid, '${trigger}')`;
}
