import { z } from 'zod';
import { NOW } from './claim.js';
import { OUTBOX_TABLE } from './outbox-table.js';
import type { SqlPool } from './sql-pool.js';

/** What became of claimed rows, by what is written about them. */
export interface Outcome {
  /** With the lives that acknowledged them: of the broker, and of the cache by `cacheLifeName`. */
  readonly published: readonly { readonly id: string; readonly incarnations: readonly string[] }[];
  readonly postponed: readonly Postponed[];
  readonly setAside: readonly { readonly id: string; readonly error: string }[];
}

/** A row to be taken again after `delayMs`. */
export interface Postponed {
  readonly id: string;
  readonly delayMs: number;
  /** Only if its signal failed, which counts as an attempt; any other is late from now on. */
  readonly error?: string;
  /** Whether its caches were evicted. */
  readonly evicted?: boolean;
}

/** How many rows of the outbox wait, and how many are set aside. */
export interface Counts {
  readonly pending: number;
  readonly poison: number;
  /** Sources, ten at most, of rows that wait for a relay that knows them. */
  readonly unknown: readonly string[];
}

// One statement for all: either everything is written down, or the claims end and the rows are worked on again. A row
// that another relay has claimed since is left to it.
const SETTLE = `
WITH outcome AS (
  SELECT * FROM jsonb_to_recordset($3::jsonb)
    AS outcome (id bigint, kind text, incarnations jsonb, delay_ms float8, error text, evicted boolean)
)
UPDATE ${OUTBOX_TABLE} AS outbox SET
  claimed_by = NULL,
  claimed_until = CASE kind WHEN 'postponed' THEN ${NOW} + delay_ms * interval '1 millisecond' END,
  published_at = CASE kind WHEN 'published' THEN ${NOW} END,
  set_aside_at = CASE kind WHEN 'set aside' THEN ${NOW} END,
  incarnations = CASE kind
    WHEN 'published' THEN ARRAY(SELECT jsonb_array_elements_text(outcome.incarnations)) ELSE outbox.incarnations END,
  late = late OR kind = 'postponed' AND outcome.error IS NULL,
  evicted = outbox.evicted OR kind = 'published' OR coalesce(outcome.evicted, false),
  attempts = attempts + CASE WHEN outcome.error IS NULL THEN 0 ELSE 1 END,
  last_error = coalesce(outcome.error, last_error)
FROM outcome WHERE outbox.id = outcome.id AND claimed_by = $2`;

/** Writes down what became of the rows claimed by `relay`, and lets go of them. Rejects as the pool does. */
export async function settle(pool: SqlPool, relay: string, outcome: Outcome, now: number | undefined): Promise<void> {
  const rows = [
    ...outcome.published.map((row) => ({ ...row, kind: 'published' })),
    ...outcome.postponed.map(({ delayMs, ...row }) => ({ ...row, kind: 'postponed', delay_ms: delayMs })),
    ...outcome.setAside.map((row) => ({ ...row, kind: 'set aside' })),
  ];
  if (rows.length > 0) await pool.query(SETTLE, [now ?? null, relay, JSON.stringify(rows)]);
}

const LET_GO = `
UPDATE ${OUTBOX_TABLE} SET claimed_until = NULL, claimed_by = NULL
WHERE published_at IS NULL AND set_aside_at IS NULL AND claimed_by = $1`;

/** Ends every claim of `relay`, which must not be working on any. */
export async function letGo(pool: SqlPool, relay: string): Promise<void> {
  await pool.query(LET_GO, [relay]);
}

/** Most rows that one statement changes: a backlog of any length stays within the time that a statement may take. */
const MAX_ROWS_PER_STATEMENT = 10_000;

/** In front of a life of the cache, among those of the broker that a row names. */
const CACHE = 'cache:';

/** How a row names the life of the cache in which its evictions count. */
export function cacheLifeName(life: string): string {
  return CACHE + life;
}

const isOfCache = (life: string) => `starts_with(${life}, '${CACHE}')`;

/** The lives of a row that are of the kind of the one that is given. */
const lives = `ARRAY(SELECT life FROM unnest(incarnations) AS life WHERE ${isOfCache('life')} = ${isOfCache('$3::text')})`;

const reopenable = `published_at > ${NOW} - $2::float8 * interval '1 millisecond'
  AND ${lives} <> '{}' AND ${lives} <> ARRAY[$3::text]`;

// In the order of their ids, so that relays that do it at once wait for each other instead of ending each other. What
// another one has made due meanwhile is none of ours, but counts for how far this one has come. Each time a row is given
// something of its own among its lives, so that its envelopes are new: another relay may write the same lives down again.
const REOPEN = `
WITH batch AS MATERIALIZED (
  SELECT id FROM ${OUTBOX_TABLE} WHERE id > $4::bigint AND ${reopenable} ORDER BY id LIMIT $5::int
), reopened AS (
  UPDATE ${OUTBOX_TABLE} SET published_at = NULL, claimed_until = NULL, claimed_by = NULL, late = true,
    evicted = evicted AND NOT ${isOfCache('$3::text')}, incarnations = incarnations || ('again:' || gen_random_uuid())
  WHERE id = ANY(ARRAY(
    SELECT id FROM ${OUTBOX_TABLE} WHERE id = ANY(ARRAY(SELECT id FROM batch)) AND ${reopenable} ORDER BY id FOR UPDATE
  ))
  RETURNING id
)
SELECT (SELECT max(id) FROM batch)::text AS last, (SELECT count(*) FROM reopened)::int AS rows`;

const SMALLEST_ID = '-9223372036854775808';

const reopenedSchema = z.tuple([z.object({ last: z.string().nullable(), rows: z.number() })]);

/**
 * Makes rows published within `replayMs` due again, as late ones, unless it was this life of the broker alone that
 * acknowledged them; or, for one named by `cacheLifeName`, unless they were evicted in this life of the cache, or concern
 * no cache. Resolves to how many.
 */
export async function reopen(
  pool: SqlPool,
  life: string,
  replayMs: number,
  now: number | undefined,
  limit = MAX_ROWS_PER_STATEMENT,
): Promise<number> {
  let reopened = 0;
  for (let from: string | null = SMALLEST_ID; from !== null; ) {
    const { rows } = await pool.query(REOPEN, [now ?? null, replayMs, life, from, limit]);
    const [batch] = reopenedSchema.parse(rows);
    reopened += batch.rows;
    from = batch.last;
  }
  return reopened;
}

// Rows whose signal failed before wait for their signal; what another relay holds is being dealt with. Found by the index
// of what is due.
const HASTEN = `
UPDATE ${OUTBOX_TABLE} SET claimed_until = NULL WHERE id = ANY(ARRAY(
  SELECT id FROM ${OUTBOX_TABLE}
  WHERE published_at IS NULL AND set_aside_at IS NULL AND claimed_by IS NULL AND attempts = 0
    AND claimed_until IS NOT NULL AND coalesce(claimed_until, created_at) > ${NOW}
  LIMIT $2::int FOR UPDATE SKIP LOCKED
))
RETURNING id`;

/** Makes rows that only wait for cache or broker due at once. */
export async function hasten(pool: SqlPool, now: number | undefined, limit = MAX_ROWS_PER_STATEMENT): Promise<void> {
  await repeatFull(limit, () => pool.query(HASTEN, [now ?? null, limit]));
}

// What another relay is deleting is none of ours.
const PRUNE = `
DELETE FROM ${OUTBOX_TABLE} WHERE id = ANY(ARRAY(
  SELECT id FROM ${OUTBOX_TABLE}
  WHERE published_at <= ${NOW} - $2::float8 * interval '1 millisecond' LIMIT $3::int FOR UPDATE SKIP LOCKED
))
RETURNING id`;

/** Deletes rows that were published longer than `replayMs` ago. */
export async function prune(
  pool: SqlPool,
  replayMs: number,
  now: number | undefined,
  limit = MAX_ROWS_PER_STATEMENT,
): Promise<void> {
  await repeatFull(limit, () => pool.query(PRUNE, [now ?? null, replayMs, limit]));
}

/** Runs a statement again as long as it found as many rows as it may change. */
async function repeatFull(limit: number, run: () => Promise<{ rows: unknown[] }>): Promise<void> {
  while ((await run()).rows.length === limit);
}

const COUNT = `
SELECT
  (SELECT count(*) FROM ${OUTBOX_TABLE} WHERE published_at IS NULL AND set_aside_at IS NULL)::int AS pending,
  (SELECT count(*) FROM ${OUTBOX_TABLE} WHERE set_aside_at IS NOT NULL)::int AS poison,
  ARRAY(
    SELECT DISTINCT source FROM ${OUTBOX_TABLE}
    WHERE published_at IS NULL AND set_aside_at IS NULL AND source <> ALL(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))
    ORDER BY source LIMIT 10
  ) AS unknown`;

const countsSchema = z.tuple([z.object({ pending: z.number(), poison: z.number(), unknown: z.array(z.string()) })]);

/** Counts what is not published; `sources` are those whose rows are claimed. */
export async function countRows(pool: SqlPool, sources: readonly string[]): Promise<Counts> {
  const { rows } = await pool.query(COUNT, [JSON.stringify(sources)]);
  return countsSchema.parse(rows)[0];
}
