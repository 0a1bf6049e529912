import { sql } from 'drizzle-orm';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capturedTables } from '../db/captured-tables.js';
import { createLogger } from '../logger.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { openWriters, secretsIn, type Writers } from './every-write.test.support.js';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwicm9sZSI6InBhcmVudCJ9.caWruSDTVPut6IGRxcYuMsLeX3s3NMcLL8hHUr9O7HE';
const SECRET = 'hunter2-hunter2';

/** What a signal may fail with, by what is wrong with it. */
const FAILURES: Readonly<Record<string, () => unknown>> = {
  'an address with a password': () => new Error(`no answer from postgresql://app:${SECRET}@db:5432/platform`),
  'parameters of a statement': () =>
    new DrizzleQueryError(
      'select * from users where email = $1',
      ['olga@demo.test', SECRET],
      new Error('no such column'),
    ),
  'a row in its detail': () =>
    Object.assign(new Error('duplicate key value violates unique constraint "users_email"'), {
      code: '23505',
      detail: `Key (email)=(olga@demo.test) with ${SECRET} already exists.`,
    }),
  'the value that was refused': () =>
    Object.assign(new Error(`invalid input syntax for type integer: "${SECRET}"`), { code: '22P02' }),
  'a header': () => new Error(`the service refused {"authorization":"Bearer ${SECRET}","cookie":"a=${SECRET}"}`),
  'a token': () => new Error(`${JWT} is not valid`),
  'a password by its name': () => new Error(`cannot log in with password=${SECRET} as olga@demo.test`),
  'no error': () => ({ token: SECRET, password: SECRET }),
  'no message': () => Object.assign(new Error('a'), { message: { token: SECRET } }),
  'a ring of causes': () => {
    const error = new Error(`Failed query: select $1\nparams: ${SECRET}`);
    error.cause = error;
    return error;
  },
  megabytes: () => new Error(`${'x'.repeat(5_000_000)}${SECRET}`),
  'what is no text to PostgreSQL': () => new Error(`\u0000 ${'x'.repeat(497)}\u{1f600}`),
};

let platform: TestPlatform;
let writers: Writers;
let log = '';
let failWith: (() => unknown) | undefined;

beforeAll(async () => {
  const destination = {
    write(line: string) {
      log += line;
    },
  };
  platform = await startTestPlatform(
    {},
    {
      logger: createLogger({ level: 'trace', node: 'a', destination }),
      // Answers wait for nobody: signals fail here.
      toldWithinMs: 0,
      signals: (signals) =>
        Object.fromEntries(
          Object.entries(signals).map(([source, signal]) => [
            source,
            async (changes, pool) => {
              if (failWith) throw failWith();
              return signal(changes, pool);
            },
          ]),
        ),
    },
  );
  writers = await openWriters(platform);
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

interface OutboxRow {
  readonly id: number;
  readonly source: string;
  readonly operation: string;
  readonly old: object | null;
  readonly new: object | null;
  readonly last_error: string | null;
  readonly set_aside_at: string | null;
}

/** All there is of the outbox, whatever columns it has. */
async function outbox(): Promise<OutboxRow[]> {
  const { rows } = (await platform.parts.db.execute(
    sql`SELECT to_jsonb(outbox) AS row FROM querycast_outbox AS outbox ORDER BY id`,
  )) as unknown as { rows: { row: OutboxRow }[] };
  return rows.map(({ row }) => row);
}

test('no row of the outbox holds a credential or an e-mail, whatever is written; it holds the captured columns', {
  timeout: 2 * START_TIMEOUT_MS,
}, async () => {
  const seen = new Map<number, OutboxRow>();
  // Published ones are not there for ever.
  await writers.writeEverything(async () => {
    for (const row of await outbox()) seen.set(row.id, row);
  });
  const rows = [...seen.values()];
  const text = JSON.stringify(rows);
  expect(secretsIn(text, await writers.secrets())).toEqual([]);
  for (const { table, key, columns } of capturedTables) {
    const captured = rows.filter(({ source }) => source === table);
    expect({ table, rows: captured.length }).not.toEqual({ table, rows: 0 });
    for (const image of captured.flatMap((row) => [row.old, row.new])) {
      if (image) expect(Object.keys(image).sort()).toEqual([...key, ...columns].sort());
    }
  }
  // Names are shown, and captured therefore: the text is that of the rows.
  expect(text).toContain('Renamed');
});

test('what is captured is never a credential or an e-mail, by the names of the columns', () => {
  const names = capturedTables.flatMap(({ table, key, columns }) =>
    [...key, ...columns].map((each) => `${table}.${each}`),
  );
  expect(names.filter((name) => /mail|pass|hash|token|secret|session|phone/.test(name))).toEqual([]);
});

test.each(Object.entries(FAILURES))(
  'a row whose signal fails with %s is set aside, and says nothing secret',
  async (_, failure) => {
    const { db, relay } = platform.parts;
    await relay.settled();
    // Those of the tests before.
    await db.execute(sql`DELETE FROM querycast_outbox WHERE set_aside_at IS NOT NULL`);
    failWith = failure;
    const before = log.length;
    try {
      await db.execute(
        sql`UPDATE subjects SET color = CASE color WHEN '#000000' THEN '#ffffff' ELSE '#000000' END WHERE id = 3`,
      );
      // One attempt is left to it.
      await db.execute(
        sql`UPDATE querycast_outbox SET attempts = 7 WHERE published_at IS NULL AND set_aside_at IS NULL`,
      );
      await db.execute(
        sql`UPDATE querycast_outbox SET claimed_until = NULL WHERE published_at IS NULL AND set_aside_at IS NULL AND claimed_by IS NULL`,
      );
      relay.wake();
      await expect.poll(async () => (await outbox()).filter(isPoison).length).toBe(1);
    } finally {
      failWith = undefined;
    }
    const [poison] = (await outbox()).filter(isPoison);
    expect(poison?.last_error).toEqual(expect.any(String));
    expect(poison?.last_error?.length).toBeLessThanOrEqual(500);
    const secrets = new Map([...(await writers.secrets()), [SECRET, 'the secret'], ['@demo', 'an e-mail']]);
    expect(secretsIn(JSON.stringify(poison), secrets)).toEqual([]);
    expect(log.slice(before)).toContain('outbox row set aside');
    expect(secretsIn(log.slice(before), secrets)).toEqual([]);
  },
);

test('nothing that was logged on the way holds a secret', async () => {
  expect(log).toContain('logged in');
  expect(secretsIn(log, await writers.secrets())).toEqual([]);
});

function isPoison({ set_aside_at }: OutboxRow): boolean {
  return set_aside_at !== null;
}
