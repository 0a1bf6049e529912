import type { ClaimedRow } from './claim.js';
import { failureMessage } from './failure-message.js';
import { isOutage } from './outage.js';
import { type Handled, staleProblem } from './plan.js';
import type { Signals } from './signal.js';
import type { SqlPool } from './sql-pool.js';

/** Rows whose signal failed. */
export interface Unhandled {
  readonly rows: readonly ClaimedRow[];
  /** The message, without row data of ours, at most 500 characters. */
  readonly error: string;
  /** Whether something was away that the signal needs, rather than signal or rows being at fault. */
  readonly outage: boolean;
}

/** What the signals made of claimed rows. */
export interface HandledRows {
  readonly handled: readonly Handled[];
  readonly unhandled: readonly Unhandled[];
}

/** Leaves connections of a usual pool of ten to the application. */
const CONCURRENT_SIGNALS = 4;

/** Asks the signals who is affected: once per transaction and source; row by row where that failed before. */
export async function handleRows(rows: readonly ClaimedRow[], signals: Signals, pool: SqlPool): Promise<HandledRows> {
  const groups = groupsOf(rows);
  const handled: Handled[] = [];
  const unhandled: Unhandled[] = [];
  for (let start = 0; start < groups.length; start += CONCURRENT_SIGNALS) {
    const results = groups.slice(start, start + CONCURRENT_SIGNALS).map((group) => handleGroup(group, signals, pool));
    for (const result of await Promise.all(results)) {
      if ('stale' in result) handled.push(result);
      else unhandled.push(result);
    }
  }
  return { handled, unhandled };
}

interface Group {
  readonly transaction: string;
  readonly source: string;
  readonly rows: ClaimedRow[];
}

/** A row that failed before goes alone, so that a poisonous one does not take its whole transaction with it. */
function groupsOf(rows: readonly ClaimedRow[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const { id, transaction, source } = row.change;
    const name = JSON.stringify([transaction, source, row.attempts > 0 ? id : '']);
    const group = groups.get(name) ?? { transaction, source, rows: [] };
    group.rows.push(row);
    groups.set(name, group);
  }
  return [...groups.values()];
}

async function handleGroup(group: Group, signals: Signals, pool: SqlPool): Promise<Handled | Unhandled> {
  const { transaction, source, rows } = group;
  const signal = Object.hasOwn(signals, source) ? signals[source] : undefined;
  // Not claimed in the first place; no fault of the row in any case.
  if (!signal) return { rows, error: 'no signal is registered for this source', outage: true };
  try {
    const stale = await signal(
      rows.map(({ change }) => change),
      pool,
    );
    const problem = staleProblem(stale);
    if (problem === undefined) return { transaction, rows, stale };
    return { rows, error: `the signal answered something invalid: ${problem}`, outage: false };
  } catch (error) {
    return { rows, error: failureMessage(error), outage: isOutage(error) };
  }
}
