import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { connectEverybody, type Everybody, OLGA } from '../testing/everybody.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { liveReads } from './live-reads.js';

let platform: TestPlatform;
let everybody: Everybody;

beforeAll(async () => {
  platform = await startTestPlatform();
  everybody = await connectEverybody(platform);
}, START_TIMEOUT_MS);

const parentOfAnna = (parentId: number) =>
  platform.parts.db.execute(`UPDATE student_profiles SET parent_id = ${parentId} WHERE user_id = 3`);

afterEach(async () => {
  vi.restoreAllMocks();
  await parentOfAnna(1);
});

afterAll(() => platform.remove());

const aboutChild = liveReads
  .filter(({ role, isAboutStudent }) => role === 'parent' && isAboutStudent)
  .map(({ endpoint }) => endpoint);

test.each(aboutChild)('%s does not answer a parent who lost the child while it was computed', async (endpoint) => {
  const path = endpoint.replace(/:\w+/, '3') as typeof endpoint;
  expect((await everybody.ask(OLGA, path)).status).toBe(200);
  vi.spyOn(platform.parts.cache, 'getOrComputeJson').mockImplementationOnce(async (_entry, compute) => {
    const answer = await compute();
    await parentOfAnna(2);
    return Buffer.from(JSON.stringify(answer));
  });
  expect(await everybody.ask(OLGA, path)).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
});
