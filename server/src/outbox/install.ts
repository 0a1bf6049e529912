import { createHash } from 'node:crypto';
import { OUTBOX_TABLE } from './outbox-table.js';

/** Held while the script runs: two at once would replace the same functions, which PostgreSQL refuses. */
const INSTALL_LOCK = `hashtextextended('${OUTBOX_TABLE}', 0)`;

/** Of the script itself, whatever it captures. Raise it with every change: a test holds the two together. */
export const SCRIPT_VERSION = 3;

/**
 * Wraps a script so that it does nothing when the very same was run before and what it made on the tables is still
 * there: replacing a trigger waits for every transaction that writes to its table, and makes all others wait behind it.
 * Nor does it do anything where a newer one was run, `version` telling those of one application apart: in a rolling
 * deployment a node of before that restarts would take away what the new ones capture. It warns of that.
 */
export function installSql(script: string, tables: readonly string[], version: number): string {
  const mark = `querycast ${SCRIPT_VERSION}.${version} ${createHash('sha256').update(script).digest('hex')}`;
  // A table that was dropped and made anew has lost its triggers; one whose triggers were disabled gets them back.
  const expected = [
    triggerSql(OUTBOX_TABLE, 'querycast_outbox_notify'),
    ...tables.map((table) => triggerSql(table, 'querycast_capture')),
    ...tables.map((table) => triggerSql(table, 'querycast_refuse_truncate')),
  ];
  return `
DO $querycast_install$
DECLARE
  mark text;
  found integer[];
BEGIN
  PERFORM pg_advisory_xact_lock(${INSTALL_LOCK});
  mark := obj_description(to_regclass('${OUTBOX_TABLE}'), 'pg_class');
  found := regexp_match(mark, '^querycast (\\d{1,9})\\.(\\d{1,9}) ')::integer[];
  IF found[1] > ${SCRIPT_VERSION} OR found[2] > ${version} THEN
    RAISE WARNING 'a newer version of what captures changes is installed (%.%), and is left as it is by this one (%.%)',
      found[1], found[2], ${SCRIPT_VERSION}, ${version};
    RETURN;
  END IF;
  IF mark = '${mark}' AND NOT EXISTS (
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
