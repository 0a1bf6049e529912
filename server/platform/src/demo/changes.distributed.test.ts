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

const run = () =>
  fetch(`${platform.url}/api/demo/changes`, { method: 'POST', headers: { Authorization: `Bearer ${olga}` } });

test('a row that somebody else keeps ends a run that is under way, with a sentence', async () => {
  const client = await connect();
  const reader = (await run()).body?.getReader();
  await reader?.read();
  await lockChildren(client);
  let text = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += new TextDecoder().decode(part.value);
  }
  expect(JSON.parse(text.trim().split('\n').at(-1) ?? '')).toMatchObject({
    error: { code: 'broke_off', message: expect.stringMatching(/after at least [1-4]00 of 500 changes/) },
  });
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
