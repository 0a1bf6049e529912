import { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { CHANGES } from './changes.js';

let platform: TestPlatform;
let olga: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  olga = (await platform.logIn('parent@demo.test')).token;
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

/** Somebody else, who can keep what the changes change. */
async function connect(): Promise<Client> {
  const client = new Client({ connectionString: (platform.place.variables as Record<string, string>)['DATABASE_URL'] });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const lockChildren = (client: Client) => client.query('BEGIN; LOCK TABLE student_profiles IN SHARE ROW EXCLUSIVE MODE');

/** Keeps a subject, and has some changes in the midst of a run ask for it. */
async function keepFromMidst(client: Client): Promise<void> {
  await client.query(`
    CREATE FUNCTION ask_for_subject() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM subjects WHERE id = 3 FOR UPDATE;
        RETURN NEW;
      END $$;
    CREATE TRIGGER ask_for_subject BEFORE UPDATE ON student_profiles FOR EACH ROW
      WHEN (NEW.goal LIKE 'Solve 25_ of %') EXECUTE FUNCTION ask_for_subject()`);
  await client.query('BEGIN; SELECT FROM subjects WHERE id = 3 FOR UPDATE');
}

const run = () =>
  fetch(`${platform.url}/api/demo/changes`, { method: 'POST', headers: { Authorization: `Bearer ${olga}` } });

test('a row that somebody else keeps ends a run that is under way, with a sentence', async () => {
  await keepFromMidst(await connect());
  const lines = (await (await run()).text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { done: 100, of: CHANGES },
    { done: 200, of: CHANGES },
    { error: { code: 'broke_off', message: expect.stringContaining('after at least 200 of 500 changes') } },
  ]);
});

test('while one run waits for somebody else, another one is refused', async () => {
  await lockChildren(await connect());
  const answers = await Promise.all([run(), run()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([409, 503]);
});

test('it is not waited for long, and leaves nothing behind in the pool', async () => {
  const client = await connect();
  await lockChildren(client);
  const begunAt = performance.now();
  expect((await run()).status).toBe(503);
  // Far less than any statement may take.
  expect(performance.now() - begunAt).toBeLessThan(4_000);
  await client.query('ROLLBACK');
  const lines = (await (await run()).text()).trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ done: CHANGES, of: CHANGES });
  const settings = Array.from({ length: 10 }, () => platform.parts.db.execute('SHOW lock_timeout'));
  for (const answer of await Promise.all(settings)) {
    expect(answer).toMatchObject({ rows: [{ lock_timeout: '0' }] });
  }
});
