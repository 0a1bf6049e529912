import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { CHANGES, createChanges } from './changes.js';
import { connectDemo } from './demo-client.test.support.js';

let platform: TestPlatform;
let olga: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  olga = (await platform.logIn('parent@demo.test')).token;
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

const runAs = (token: string) => platform.call('/api/demo/changes', { method: 'POST', token });

test('500 changes are captured one by one, each told by hand', async () => {
  const { db } = platform.parts;
  // Not the rows that are there: those of the demo data go away in the meantime, a minute after they were published.
  const nextId = async () => {
    const answer = await db.execute(sql`SELECT nextval(pg_get_serial_sequence('querycast_outbox', 'id'))::int AS id`);
    return (answer as unknown as { rows: { id: number }[] }).rows[0]?.id ?? 0;
  };
  const pane = await connectDemo(platform.url, olga);
  const before = await nextId();
  expect((await runAs(olga)).status).toBe(200);

  for (let told = 0; told < CHANGES; told += 1) await pane.changed.next();
  pane.socket.close();
  expect((await nextId()) - before - 1).toBe(CHANGES);
  const { rows } = (await db.execute(
    sql`SELECT count(*) > 0 AS any, count(DISTINCT tx) = count(*) AS apart FROM querycast_outbox WHERE id > ${before}`,
  )) as unknown as { rows: unknown[] };
  expect(rows).toEqual([{ any: true, apart: true }]);
});

test('a run tells how far it is, ends with all of them, and leaves the dashboard right', async () => {
  const { status, body } = await runAs(olga);
  expect(status).toBe(200);
  const lines = body
    .trim()
    .split('\n')
    .map((line: string) => JSON.parse(line));
  expect(lines[0]).toEqual({ done: 100, of: CHANGES });
  expect(lines.at(-1)).toEqual({ done: CHANGES, of: CHANGES });
  await platform.parts.relay.settled();
  const [shown, direct] = [
    await platform.call('/api/parent/dashboard', { token: olga }),
    await platform.call('/api/demo/dashboard', { token: olga }),
  ];
  expect(shown.body).toEqual(direct.body);
  const goals = shown.body.children.map(({ goal }: { goal: string }) => goal);
  for (const goal of goals) expect(goal).toMatch(/^Solve [0-9]+ of 500 problems$/);
});

// Not over HTTP: by the time that a second request is there, the first may have been answered.
test('a second run meanwhile is refused, and one after it is not', async () => {
  const changes = createChanges({ db: platform.parts.db, tell() {} });
  const first = changes.run(() => {});
  await expect(changes.run(() => {})).rejects.toMatchObject({ status: 409 });
  await first;
  await changes.run(() => {});
});
