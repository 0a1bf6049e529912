import type { SqlPool } from '../../../server/src/outbox/sql-pool.js';
import type { Database, OutboxRow } from './database.js';
import type { ModelTools } from './redis-server.js';

/** A statement of the relay on the model's rows; parameters as the relay gives them. */
type Statement = (rows: Map<number, OutboxRow>, params: readonly unknown[], now: number, text: string) => unknown[];

/** The relay's way to its table: each of its statements is told by its words and done on the model's rows. */
export function outboxPool(database: Database, { unknown }: ModelTools): SqlPool {
  return {
    async query(text, params = []) {
      const [, statement] = STATEMENTS.find(([words]) => text.includes(words)) ?? [];
      if (!statement) throw unknown(`a statement of the relay: ${text}`);
      return { rows: await database.query((now) => statement(database.outbox, params, now, text)) };
    },
  };
}

const isPending = (row: OutboxRow) => row.publishedAt === undefined && row.setAsideAt === undefined;
const dueAt = (row: OutboxRow) => row.claimedUntil ?? row.createdAt;

const claim: Statement = (rows, [, claimMs, relay, batchSize], now, text) => {
  const isDue = (row: OutboxRow) =>
    isPending(row) &&
    (row.claimedUntil === undefined || row.claimedUntil <= now) &&
    !(text.includes('AND NOT outbox.evicted') && row.evicted) &&
    !(text.includes('AND NOT outbox.late') && row.late);
  const due = inOrder(rows).filter(isDue);
  const firsts = due.filter((row) => !due.some(({ tx, id }) => tx === row.tx && id < row.id));
  firsts.sort((a, b) => dueAt(a) - dueAt(b) || a.id - b.id);
  if (text.includes('id DESC LIMIT $4')) firsts.reverse();
  const transactions = new Set(firsts.slice(0, Number(batchSize)).map(({ tx }) => tx));
  const claimed = due.filter(({ tx }) => transactions.has(tx));
  for (const row of claimed) {
    row.claimedUntil = now + Number(claimMs);
    row.claimedBy = String(relay);
  }
  return claimed.map((row) => ({
    id: String(row.id),
    tx: row.tx,
    source: 'items',
    operation: 'update',
    old: null,
    new: { ...row.item },
    attempts: row.attempts,
    incarnations: row.incarnations,
    late: row.late,
    age_ms: Math.max(0, now - row.createdAt),
  }));
};

const renew: Statement = (rows, [, claimMs, relay, ids], now) => {
  for (const row of byIds(rows, ids)) if (row.claimedBy === relay) row.claimedUntil = now + Number(claimMs);
  return [];
};

interface SettledRow {
  readonly id: string;
  readonly kind: 'published' | 'postponed' | 'set aside';
  readonly incarnations?: readonly string[];
  readonly delay_ms?: number;
  readonly error?: string;
  readonly evicted?: boolean;
}

const settle: Statement = (rows, [, relay, outcome], now) => {
  const settled: readonly SettledRow[] = JSON.parse(String(outcome));
  for (const { id, kind, incarnations = [], delay_ms = 0, error, evicted = false } of settled) {
    const row = rows.get(Number(id));
    if (!row || row.claimedBy !== relay) continue;
    row.claimedBy = undefined;
    row.claimedUntil = kind === 'postponed' ? now + delay_ms : undefined;
    row.publishedAt = kind === 'published' ? now : undefined;
    row.setAsideAt = kind === 'set aside' ? now : undefined;
    if (kind === 'published') row.incarnations = incarnations;
    row.late ||= kind === 'postponed' && error === undefined;
    row.evicted ||= kind === 'published' || evicted;
    if (error !== undefined) row.attempts += 1;
  }
  return [];
};

const letGo: Statement = (rows, [relay]) => {
  for (const row of inOrder(rows)) {
    if (!isPending(row) || row.claimedBy !== relay) continue;
    row.claimedUntil = undefined;
    row.claimedBy = undefined;
  }
  return [];
};

const reopen: Statement = (rows, [, replayMs, life, from], now) => {
  const isOfCache = (each: unknown) => String(each).startsWith('cache:');
  const sameKind = (lives: readonly string[]) => lives.filter((each) => isOfCache(each) === isOfCache(life));
  const batch = inOrder(rows).filter(
    ({ id, publishedAt, incarnations }) =>
      BigInt(id) > BigInt(String(from)) &&
      publishedAt !== undefined &&
      publishedAt > now - Number(replayMs) &&
      sameKind(incarnations).length > 0 &&
      sameKind(incarnations).join() !== life,
  );
  for (const row of batch) {
    row.publishedAt = undefined;
    row.claimedUntil = undefined;
    row.claimedBy = undefined;
    row.late = true;
    row.incarnations = [...row.incarnations, `again:${now}`];
    if (isOfCache(life)) row.evicted = false;
  }
  return [{ last: batch.at(-1) ? String(batch.at(-1)?.id) : null, rows: batch.length }];
};

const hasten: Statement = (rows, _params, now) => {
  const waiting = inOrder(rows).filter(
    (row) => isPending(row) && row.claimedBy === undefined && row.attempts === 0 && (row.claimedUntil ?? 0) > now,
  );
  for (const row of waiting) row.claimedUntil = undefined;
  return waiting.map(({ id }) => ({ id }));
};

const prune: Statement = (rows, [, replayMs], now) => {
  const old = inOrder(rows).filter(
    ({ publishedAt }) => (publishedAt ?? Number.POSITIVE_INFINITY) <= now - Number(replayMs),
  );
  for (const { id } of old) rows.delete(id);
  return old.map(({ id }) => ({ id }));
};

const count: Statement = (rows) => {
  const all = inOrder(rows);
  const poison = all.filter(({ setAsideAt }) => setAsideAt !== undefined).length;
  return [{ pending: all.filter(isPending).length, poison, unknown: [] }];
};

const STATEMENTS: readonly (readonly [words: string, statement: Statement])[] = [
  ['WITH first_rows AS MATERIALIZED', claim],
  ['SELECT value::bigint FROM jsonb_array_elements_text($4', renew],
  ['WITH outcome AS', settle],
  ['SET claimed_until = NULL, claimed_by = NULL\nWHERE', letGo],
  ['WITH batch AS MATERIALIZED', reopen],
  ['SET claimed_until = NULL WHERE', hasten],
  ['DELETE FROM', prune],
  ['AS pending', count],
];

function inOrder(rows: Map<number, OutboxRow>): OutboxRow[] {
  return [...rows.values()].sort((a, b) => a.id - b.id);
}

function byIds(rows: Map<number, OutboxRow>, ids: unknown): OutboxRow[] {
  const wanted: readonly string[] = JSON.parse(String(ids));
  return wanted.flatMap((id) => rows.get(Number(id)) ?? []);
}
