import { afterAll, beforeAll, expect, test } from 'vitest';
import { ANNA, connectEverybody, ELENA, type Everybody } from '../testing/everybody.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

/** Two that lock the same rows in opposite orders do not meet in the middle every time. */
const ROUNDS = 20;

const MATERIALS = '/api/teacher/materials';
const MATERIAL = { subjectId: 1, title: 'Angles of a triangle', type: 'lesson', status: 'active' };

let platform: TestPlatform;
let everybody: Everybody;

beforeAll(async () => {
  platform = await startTestPlatform();
  everybody = await connectEverybody(platform);
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

async function assigned(): Promise<number> {
  const { id } = (await everybody.ask(ELENA, `POST ${MATERIALS}`, MATERIAL)).body;
  const answer = await everybody.ask(ELENA, `PUT ${MATERIALS}/${id}/assignments`, { studentIds: [3] });
  expect(answer.status).toBe(200);
  return id;
}

const report = (id: number) =>
  everybody.ask(ANNA, `POST /api/student/materials/${id}/progress`, { progressPercentage: 10, timeSpentMinutes: 1 });

test.each([
  [
    'is taken away',
    (id: number) => everybody.ask(ELENA, `PUT ${MATERIALS}/${id}/assignments`, { studentIds: [] }),
    200,
  ],
  ['is deleted', (id: number) => everybody.ask(ELENA, `DELETE ${MATERIALS}/${id}`), 204],
] as const)(
  'a first report on a material that %s meanwhile is saved or refused, and neither waits for the other forever',
  async (_what, write, done) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await assigned();
      const [reported, written] = await Promise.all([report(id), write(id)]);
      expect(written.status).toBe(done);
      expect([200, 404]).toContain(reported.status);
    }
  },
  60_000,
);
