import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '@querycast/server';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type DatabaseHandle, openDatabase } from '../db/open-database.js';
import { createSampleRows, type SampleRows } from '../testing/sample-rows.test.support.js';
import { createTestPlace, type TestPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS } from '../testing/test-platform.js';
import { createToldSoon } from './told-soon.js';

/** A wait that nothing ends but the telling; of a test that hangs it is the deadline. */
const LONG_MS = 60_000;

/** A database that no relay looks at: the test is the relay. */
let place: TestPlace;
let database: DatabaseHandle;
let rows: SampleRows;

beforeAll(async () => {
  place = await createTestPlace();
  database = await openDatabase(place.database);
  rows = createSampleRows(database.db);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await database?.close();
  await place?.remove();
});

beforeEach(() => database.db.execute(sql`DELETE FROM querycast_outbox`));

/** Waits over the database; `queries` is what they asked it, `ends` the reasons of those that were not told. */
function toldSoon(withinMs: number, query = database.pool.query.bind(database.pool)) {
  const queries: string[] = [];
  const ends: unknown[] = [];
  const warnings: string[] = [];
  const told = createToldSoon({
    pool: {
      query(text, params) {
        queries.push(text);
        return query(text, params);
      },
    },
    withinMs,
    logger: { ...silentLogger, warn: (_fields, message) => warnings.push(message) },
    metrics: { count: (_name, labels) => ends.push(labels?.['reason']), gauge() {}, observe() {} },
  });
  return { told, queries, ends, warnings };
}

/** Commits a change that stays as fresh as it is, however long a test takes: nobody waits for what is two seconds old. */
const change = async () => {
  await rows.person({ role: 'parent' });
  await database.db.execute(
    sql`UPDATE querycast_outbox SET created_at = now() + interval '1 hour' WHERE id = ${await newest()}::bigint`,
  );
};
const newest = async () => {
  const { rows: found } = await database.pool.query('SELECT max(id)::text AS id FROM querycast_outbox');
  return (found as { id: string }[])[0]?.id;
};
const publish = (upTo: string | undefined) =>
  database.db.execute(sql`UPDATE querycast_outbox SET published_at = now() WHERE id <= ${upTo}::bigint`);

test('nothing committed is told already', async () => {
  const { told, queries, ends } = toldSoon(LONG_MS);
  await told.wait();
  expect(queries).toHaveLength(1);
  expect(ends).toEqual([]);
});

test('whoever wrote waits for what was committed by then, and not for what others commit meanwhile', async () => {
  const { told, queries, ends } = toldSoon(LONG_MS);
  await change();
  const mine = await newest();
  let isOver = false;
  const wait = told.wait().then(() => {
    isOver = true;
  });
  await expect.poll(() => queries.length).toBeGreaterThan(2);
  await change();
  expect(isOver).toBe(false);
  await publish(mine);
  await wait;
  expect(ends).toEqual([]);
});

test('a row set aside and one of long ago are waited for by nobody', async () => {
  const { told } = toldSoon(LONG_MS);
  await change();
  await database.db.execute(sql`UPDATE querycast_outbox SET set_aside_at = now()`);
  await change();
  const old = await newest();
  await database.db.execute(
    sql`UPDATE querycast_outbox SET created_at = now() - interval '3 seconds' WHERE id = ${old}::bigint`,
  );
  await told.wait();
});

test('what is not told holds nobody for long, is counted, and is looked for once however many wait', async () => {
  const { told, queries, ends } = toldSoon(50);
  await change();
  await Promise.all(Array.from({ length: 100 }, () => told.wait()));
  expect(ends).toEqual(Array(100).fill('late'));
  // One look in 5 ms, twice over as the second begins with the end of the first; each of its own would be over 100.
  expect(queries.length).toBeLessThan(50);
});

test('after a wait in vain the next ones are short, until one was told in time', async () => {
  const { told, ends } = toldSoon(1_000);
  // Two timers of this process end in their order, whatever else the machine does.
  const isOverWithin = (ms: number) => Promise.race([told.wait().then(() => true), sleep(ms, false)]);
  await change();
  await told.wait();
  expect(await isOverWithin(900)).toBe(true);
  expect(ends).toEqual(['late', 'late']);
  await publish(await newest());
  await told.wait();
  await change();
  expect(await isOverWithin(900)).toBe(false);
  await vi.waitFor(() => expect(ends).toEqual(['late', 'late', 'late']));
});

test('a backlog is not read through', async () => {
  await database.db.execute(sql`
    INSERT INTO querycast_outbox (source, operation, created_at)
    SELECT 'users', 'update', now() - interval '1 hour' FROM generate_series(1, 20000)`);
  await database.db.execute(sql`ANALYZE querycast_outbox`);
  const plans: string[] = [];
  const { told } = toldSoon(LONG_MS, async (text, params) => {
    const { rows: lines } = await database.pool.query(`EXPLAIN ANALYZE ${text}`, params);
    plans.push(JSON.stringify(lines));
    return database.pool.query(text, params);
  });
  await told.wait();
  await change();
  const wait = told.wait();
  // Nothing fresh; then what is, and whether it is still untold.
  await expect.poll(() => plans.length).toBeGreaterThan(2);
  await publish(await newest());
  await wait;
  for (const plan of plans) {
    expect(plan).toContain('querycast_outbox_due');
    expect(plan).not.toMatch(/Seq Scan|Removed by Filter: [0-9]{3}/);
  }
});

test('whoever comes during a look waits for the next one', async () => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { told, queries } = toldSoon(LONG_MS, async (text, params) => {
    if (queries.length === 1) await held;
    return database.pool.query(text, params);
  });
  const over: string[] = [];
  const first = told.wait().then(() => over.push('first'));
  const second = told.wait().then(() => over.push('second'));
  answer();
  await first;
  expect(over).toEqual(['first']);
  await second;
  expect(queries).toHaveLength(2);
});

test('a database that does not answer is logged and counted, and nobody waits for it again and again', async () => {
  const { told, ends, warnings } = toldSoon(LONG_MS, () => Promise.reject(new Error('away')));
  await told.wait();
  expect(ends).toEqual(['failed']);
  expect(warnings).toEqual(['not known whether a change was told, answered all the same']);
});

test('a database that never answers holds nobody', async () => {
  const { told, ends } = toldSoon(50, () => new Promise(() => {}));
  await told.wait();
  await told.wait();
  expect(ends).toEqual(['late', 'late']);
});

test('without a time nothing is asked', async () => {
  const { told, queries } = toldSoon(0);
  await change();
  await told.wait();
  expect(queries).toEqual([]);
});
