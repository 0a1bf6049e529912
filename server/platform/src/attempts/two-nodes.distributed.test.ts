import { afterAll, beforeAll, expect, test } from 'vitest';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { LIMITS } from './counters.js';

let nodes: TestPlatform[];

beforeAll(async () => {
  const first = await startTestPlatform();
  nodes = [first, await startTestPlatform({}, {}, first.place)];
}, START_TIMEOUT_MS);

afterAll(async () => {
  const [first, second] = nodes;
  await second?.close();
  await first?.remove();
});

async function guesses(count: number, from: string): Promise<number[]> {
  const attempts = Array.from({ length: count }, (_, at) =>
    nodes[at % 2]?.call('/api/auth/login', {
      method: 'POST',
      body: { email: 'parent@demo.test', password: 'guess' },
      headers: { 'X-Forwarded-For': from },
    }),
  );
  return (await Promise.all(attempts)).map((answer) => answer?.status ?? 0).sort();
}

test('wrong passwords count on all nodes together, also when all of them come at once', async () => {
  const { failures } = LIMITS.pair;
  const all = await guesses(2 * failures, '203.0.113.1');
  expect(all).toEqual([...Array(failures).fill(401), ...Array(failures).fill(429)]);
  expect(await guesses(2, '203.0.113.1')).toEqual([429, 429]);
  expect(await guesses(2, '203.0.113.2')).toEqual([401, 401]);
});
