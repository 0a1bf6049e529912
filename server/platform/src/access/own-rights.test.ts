import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSampleRows, type SampleRows } from '../testing/sample-rows.test.support.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { ENDPOINTS, type Endpoint } from './endpoints.js';
import { EXAMPLES } from './examples.test.support.js';
import { addSecondFamily } from './families.test.support.js';
import { makeIds, mayUse, pathOf } from './requests.test.support.js';
import { type MatrixViewer, tokensOf, VIEWERS } from './viewers.test.support.js';

/**
 * What says who somebody is, whose they are, and whether they may come in, by the names of columns and as programs spell
 * them; each with values that would be a promotion.
 */
const RIGHTS: Readonly<Record<string, readonly unknown[]>> = {
  role: ['admin', ['admin']],
  isActive: [true, false],
  is_active: [true],
  parentId: [1, null],
  parent_id: [1],
  tutorId: [8, null],
  tutor_id: [8],
  userId: [1],
  user_id: [1],
  id: [1, 9],
  email: ['admin@demo.test'],
  passwordHash: ['scrypt$16$1$1$c2FsdA$tKCZBmzfHLhKL4xUrMfYug'],
  password_hash: ['x'],
  sessionId: ['x'],
  __proto__: [{ role: 'admin' }],
  constructor: [{ prototype: { role: 'admin' } }],
};
/** Fields of a request at a time, at each endpoint and for each of those who may use it. */
const RUNS = Number(process.env['OWN_RIGHTS_RUNS'] ?? 5);
const WRITES = (Object.keys(ENDPOINTS) as Endpoint[]).filter((endpoint) => {
  const { roles } = ENDPOINTS[endpoint];
  return !endpoint.startsWith('GET ') && roles !== undefined;
});

let platform: TestPlatform;
let rows: SampleRows;
let tokens: ReadonlyMap<string, string>;

beforeAll(async () => {
  platform = await startTestPlatform();
  await addSecondFamily(platform.parts.db);
  rows = createSampleRows(platform.parts.db);
  tokens = await tokensOf(platform);
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

/** Who is who, whose, and may come in, of everybody who was there; and how many there are. */
async function rights(): Promise<unknown> {
  const ask = async (statement: string) => ((await platform.parts.db.execute(statement)) as { rows: unknown[] }).rows;
  return {
    users: await ask('SELECT id, email, role, is_active, password_hash FROM users ORDER BY id'),
    students: await ask('SELECT user_id, parent_id, tutor_id FROM student_profiles ORDER BY user_id'),
    sessions: await ask('SELECT id, user_id, revoked_at FROM sessions ORDER BY id'),
  };
}

/** Fields that an endpoint does not ask for, in a request that is good or empty without them. */
function attempts(endpoint: Endpoint, viewer: MatrixViewer) {
  const known = Object.keys(EXAMPLES[endpoint].body?.(viewer.family) ?? {});
  const unknown = Object.keys(RIGHTS).filter((name) => !known.includes(name));
  return fc.record({
    smuggled: fc.subarray(unknown, { minLength: 1, maxLength: 3 }).chain((names) => fc.tuple(...names.map(smuggledAs))),
    isBodyGood: fc.boolean(),
    where: fc.constantFrom('body', 'nested', 'query'),
  });
}

function smuggledAs(name: string) {
  return fc.constantFrom(...(RIGHTS[name] ?? [])).map((value) => [name, value] as const);
}

test('nobody becomes anybody else, and nobody’s child, by a field that an endpoint does not ask for', async () => {
  const ids = new Map<Endpoint, Map<MatrixViewer, readonly number[]>>();
  const users = WRITES.flatMap((endpoint) =>
    VIEWERS.filter((viewer) => viewer.person && mayUse(endpoint, viewer)).map((viewer) => ({ endpoint, viewer })),
  );
  expect(new Set(users.map(({ endpoint }) => endpoint))).toEqual(new Set(WRITES));
  for (const { endpoint, viewer } of users) {
    const ofEndpoint = ids.get(endpoint) ?? new Map();
    ids.set(endpoint, ofEndpoint.set(viewer, (await makeIds(rows, endpoint, viewer.family)).own));
  }
  const before = await rights();
  for (const { endpoint, viewer } of users) {
    const own = ids.get(endpoint)?.get(viewer) ?? [];
    const body = EXAMPLES[endpoint].body?.(viewer.family);
    await fc.assert(
      fc.asyncProperty(attempts(endpoint, viewer), async ({ smuggled, isBodyGood, where }) => {
        // By text, so that `__proto__` is a field like any other.
        const fields = smuggled.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join();
        const extra = { body: fields, nested: `"user":{${fields}}`, query: '' }[where] ?? '';
        const members = [JSON.stringify(isBodyGood ? (body ?? {}) : {}).slice(1, -1), extra].filter(
          (part) => part !== '',
        );
        const query = smuggled.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
        const answer = await platform.call(`${pathOf(endpoint, own)}${where === 'query' ? `?${query}` : ''}`, {
          method: endpoint.split(' ')[0] ?? '',
          token: tokens.get(viewer.name),
          body: where === 'query' ? {} : `{${members.join()}}`,
        });
        expect(answer.status).toBeLessThan(500);
        if (body === undefined || where === 'query') return;
        const refused = where === 'nested' ? ['user'] : smuggled.map(([name]) => name);
        expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_request' } } });
        expect(Object.keys(answer.body.error.fields)).toEqual(expect.arrayContaining(refused));
      }),
      { numRuns: RUNS },
    );
  }
  expect(await rights()).toEqual(before);
  // Some hundred requests, each with a look into the database.
}, 120_000);
