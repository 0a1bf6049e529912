import { z } from 'zod';
import { OUTBOX_TABLE } from './outbox-table.js';
import type { Change } from './signal.js';
import type { SqlPool } from './sql-pool.js';

/** A row of the outbox that this relay works on until its claim ends, unless renewed. */
export interface ClaimedRow {
  readonly change: Change;
  /** How often its signal failed before. */
  readonly attempts: number;
  /** The lives that acknowledged it before, and what tells this time from others; empty unless it is being published again. */
  readonly incarnations: readonly string[];
  /** Whether an outage held it up, or it is being published again after one. */
  readonly late: boolean;
  /** Time since it was written, in milliseconds. */
  readonly ageMs: number;
}

/**
 * Which due rows are claimed: all; those whose caches were not evicted yet; or, of these, only those that no outage of
 * cache or broker held up before.
 */
export type ClaimScope = 'all' | 'unevicted' | 'fresh';

/** A claim on the next due transactions. */
export interface ClaimRequest {
  /** Unique per relay. */
  readonly relay: string;
  /** Most transactions to claim. */
  readonly batchSize: number;
  readonly claimMs: number;
  readonly scope: ClaimScope;
  /** Whether those that are due last come first, instead of those that are due longest. */
  readonly newestFirst: boolean;
  /** Rows of any other source are left to relays that know it. */
  readonly sources: readonly string[];
  /** Milliseconds since 1970; `undefined` for the database's own clock. */
  readonly now: number | undefined;
}

/** Bounds memory: a transaction larger than this leaves in parts. */
const MAX_ROWS_PER_CLAIM = 10_000;

/** The time of a statement: the given milliseconds, else the clock that all relays share; the same for all its rows. */
export const NOW = `coalesce(to_timestamp($1::float8 / 1000), statement_timestamp())`;

const due = (row: string, scope: ClaimScope) => `(${row}.claimed_until IS NULL OR ${row}.claimed_until <= ${NOW})
  AND ${row}.source = ANY(ARRAY(SELECT jsonb_array_elements_text($5::jsonb)))
  ${scope === 'all' ? '' : `AND NOT ${row}.evicted`} ${scope === 'fresh' ? `AND NOT ${row}.late` : ''}`;

/**
 * Two ways to say that a row waits, each with indexes of its own: by when it is due, and by its transaction. What the
 * planner believes of an outbox that was empty a moment ago is wrong. Were both said alike, it would look for a transaction
 * in the order of time, and each look would read the whole backlog: ten seconds for a claim among 100,000 rows.
 */
const waitsByTime = (row: string) => `${row}.published_at IS NULL AND ${row}.set_aside_at IS NULL`;
const waitsByTransaction = (row: string) => `coalesce(${row}.published_at, ${row}.set_aside_at) IS NULL`;

/** What a row is ordered by: when it became due, or becomes. */
const DUE_AT = 'coalesce(claimed_until, created_at)';

/**
 * A transaction is claimed through its first due row, found by the row before it in the transaction, which is not due:
 * looking at all of those would take minutes for a transaction of 100,000 rows of which a part is claimed already. Another
 * relay skips that row while it is locked, and does not take the row behind it for the first one: what is due and stands
 * together is not torn apart. Around a row that is not due, such as one that failed and waits alone, each part has a first
 * row of its own, and two relays may share the transaction: its rooms then hear of it twice. Due longest comes first, by
 * default: retries cannot starve new rows, nor the other way round.
 *
 * A long backlog is read from one end, as far as the batch reaches: indexes have this very order, and LATERAL and ARRAY
 * keep the planner from joining with all of it. On the way everything is passed over, row by row, that is not to be
 * claimed or leads to no further transaction: the rows of a large transaction behind its first, those of unknown sources,
 * for `fresh` those held up before, which no index leaves out, and from the other end those not due yet; a clock of the
 * caller's own may be behind that of `created_at`.
 */
const claimSql = (scope: ClaimScope, newestFirst: boolean) => `
WITH first_rows AS MATERIALIZED (
  SELECT tx FROM ${OUTBOX_TABLE} AS outbox
  WHERE ${waitsByTime('outbox')} AND ${due('outbox', scope)}
    ${newestFirst ? `AND ${DUE_AT} <= greatest(${NOW}, statement_timestamp())` : ''}
    AND NOT coalesce((
      SELECT ${due('earlier', scope)} FROM ${OUTBOX_TABLE} AS earlier
      WHERE earlier.tx = outbox.tx AND earlier.id < outbox.id AND ${waitsByTransaction('earlier')}
      ORDER BY earlier.id DESC LIMIT 1
    ), false)
  ORDER BY ${newestFirst ? `${DUE_AT} DESC, id DESC` : `${DUE_AT}, id`} LIMIT $4::int FOR UPDATE SKIP LOCKED
), claimed AS MATERIALIZED (
  SELECT id FROM first_rows CROSS JOIN LATERAL (
    SELECT id FROM ${OUTBOX_TABLE} AS outbox
    WHERE outbox.tx = first_rows.tx AND ${waitsByTransaction('outbox')} AND ${due('outbox', scope)}
    ORDER BY id FOR UPDATE SKIP LOCKED
  ) AS rows LIMIT ${MAX_ROWS_PER_CLAIM}
)
UPDATE ${OUTBOX_TABLE} SET claimed_until = ${NOW} + $2::float8 * interval '1 millisecond', claimed_by = $3
WHERE id = ANY(ARRAY(SELECT id FROM claimed))
RETURNING id::text, tx, source, operation, old, new, attempts, to_jsonb(incarnations) AS incarnations, late,
  greatest(0, extract(epoch FROM ${NOW} - created_at) * 1000)::float8 AS age_ms`;

const rowSchema = z.object({
  id: z.string(),
  tx: z.string(),
  source: z.string(),
  operation: z.enum(['insert', 'update', 'delete', 'call']),
  old: z.record(z.string(), z.unknown()).nullable(),
  new: z.record(z.string(), z.unknown()).nullable(),
  attempts: z.number(),
  incarnations: z.array(z.string()),
  late: z.boolean(),
  age_ms: z.number(),
});

/** Claims the next due transactions, in the order of their rows. Rejects as the pool does. */
export async function claim(pool: SqlPool, request: ClaimRequest): Promise<readonly ClaimedRow[]> {
  const { relay, batchSize, claimMs, scope, newestFirst, sources, now } = request;
  const { rows } = await pool.query(claimSql(scope, newestFirst), [
    now ?? null,
    claimMs,
    relay,
    batchSize,
    JSON.stringify(sources),
  ]);
  return z
    .array(rowSchema)
    .parse(rows)
    .map(({ id, tx, source, operation, old, new: after, age_ms, ...rest }) => ({
      change: { id, transaction: tx, source, operation, old, new: after },
      ...rest,
      ageMs: age_ms,
    }))
    .sort((a, b) => compareIds(a.change.id, b.change.id));
}

// By their ids, as a claim whose answer was lost must end. Who was settled or taken over meanwhile has another name on it,
// or none.
const RENEW = `
UPDATE ${OUTBOX_TABLE} SET claimed_until = ${NOW} + $2::float8 * interval '1 millisecond'
WHERE id = ANY(ARRAY(SELECT value::bigint FROM jsonb_array_elements_text($4::jsonb))) AND claimed_by = $3`;

/** Lets the claims on `rows` that `relay` still holds end `claimMs` from now. Rejects as the pool does. */
export async function renew(
  pool: SqlPool,
  rows: readonly ClaimedRow[],
  { relay, claimMs, now }: Pick<ClaimRequest, 'relay' | 'claimMs' | 'now'>,
): Promise<void> {
  const ids = rows.map(({ change }) => change.id);
  await pool.query(RENEW, [now ?? null, claimMs, relay, JSON.stringify(ids)]);
}

/** Compares row ids, which are decimal numbers of up to 64 bits. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
