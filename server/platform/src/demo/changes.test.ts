import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { CHANGES } from './changes.js';
import { connectDemo } from './demo-client.test.support.js';

let platform: TestPlatform;
let olga: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  olga = (await platform.logIn('parent@demo.test')).token;
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

const runAs = (token: string) => platform.call('/api/demo/changes', { method: 'POST', token });

test('500 changes are captured one by one, each told by hand; a second run meanwhile is refused', async () => {
  const { db } = platform.parts;
  const captured = async () => {
    const answer = await db.execute(sql`SELECT count(*)::int AS count FROM querycast_outbox`);
    return (answer as unknown as { rows: { count: number }[] }).rows[0]?.count ?? 0;
  };
  const pane = await connectDemo(platform.url, olga);
  const before = await captured();
  const first = runAs(olga);
  const second = await runAs(olga);
  const answer = await first;
  expect([answer.status, second.status].sort()).toEqual([200, 409]);

  for (let told = 0; told < CHANGES; told += 1) await pane.changed.next();
  pane.socket.close();
  expect((await captured()) - before).toBe(CHANGES);
  const { rows } = (await db.execute(
    sql`SELECT count(DISTINCT tx)::int AS count FROM querycast_outbox`,
  )) as unknown as { rows: { count: number }[] };
  expect(rows[0]?.count).toBeGreaterThanOrEqual(CHANGES);
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
