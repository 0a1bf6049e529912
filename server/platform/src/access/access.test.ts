import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSampleRows, type SampleRows } from '../testing/sample-rows.test.support.js';
import { appendedAfter, contentsOfTables, lastInOutbox } from '../testing/table-contents.test.support.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { ENDPOINTS, type Endpoint } from './endpoints.js';
import { EXAMPLES } from './examples.test.support.js';
import { addSecondFamily, addTwin, type Family, LANGS, PETROVS } from './families.test.support.js';
import { attemptsOf, idsIn, makeIds, mayUse, type PathIds, pathOf, type Refused } from './requests.test.support.js';
import { listenToAll, type MatrixViewer, tokensOf, VIEWERS } from './viewers.test.support.js';

const EVERY_ENDPOINT = Object.keys(ENDPOINTS) as Endpoint[];

const HUNDREDS_OF_REQUESTS_MS = 5 * START_TIMEOUT_MS;
/** For a change of the password by each who may: three hashes each, which are slow on purpose. */
const MANY_HASHES_MS = START_TIMEOUT_MS;

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

function send(endpoint: Endpoint, ids: readonly (number | string)[], body: unknown, token: string | undefined) {
  const [method = ''] = endpoint.split(' ');
  return platform.call(pathOf(endpoint, ids), { method, token, body });
}

describe('refused', () => {
  const expected = new Map<Endpoint, Record<string, Refused>>();
  const answered = new Map<Endpoint, Record<string, Refused>>();
  /** The bodies of those that must be answered with the same one. */
  const alike = new Map<string, Set<string>>();
  /** The headers of those of one viewer at one endpoint. */
  const headersAlike = new Map<string, Set<string>>();
  let toldOfRows: Record<string, string[]>;
  let toldOfRefusals: Record<string, string[]>;
  let contents: Record<'empty' | 'before' | 'after', Record<string, string>>;
  let appended: string[];

  /** All of them at once: that nothing came of any is seen only after the last. */
  beforeAll(async () => {
    const { db } = platform.parts;
    const live = await listenToAll(platform, tokens);
    const empty = await contentsOfTables(db);
    const ids = new Map<Family, Map<Endpoint, PathIds>>();
    for (const family of [PETROVS, LANGS]) {
      const ofFamily = new Map<Endpoint, PathIds>();
      for (const endpoint of EVERY_ENDPOINT) ofFamily.set(endpoint, await makeIds(rows, endpoint, family));
      ids.set(family, ofFamily);
    }
    toldOfRows = await live.untilMark();
    const lastId = await lastInOutbox(db);
    const before = await contentsOfTables(db);
    for (const endpoint of EVERY_ENDPOINT) {
      for (const viewer of VIEWERS) {
        await tryAll(endpoint, viewer, (family) => ids.get(family)?.get(endpoint) ?? { own: [], not: {} });
      }
    }
    contents = { empty, before, after: await contentsOfTables(db) };
    toldOfRefusals = await live.untilMark();
    appended = await appendedAfter(db, lastId);
  }, HUNDREDS_OF_REQUESTS_MS);

  async function tryAll(endpoint: Endpoint, viewer: MatrixViewer, idsOf: (family: Family) => PathIds): Promise<void> {
    for (const { what, ids, body, refused, alike: group } of attemptsOf(endpoint, viewer, idsOf)) {
      const answer = await send(endpoint, ids, body, tokens.get(viewer.name));
      const { code, fields } = answer.body?.error ?? {};
      const name = `${viewer.name}: ${what}`;
      expected.set(endpoint, { ...expected.get(endpoint), [name]: refused });
      const got = { status: answer.status, code, ...(fields && { fields: Object.keys(fields) }) };
      answered.set(endpoint, { ...answered.get(endpoint), [name]: got });
      if (group === undefined) continue;
      alike.set(group, (alike.get(group) ?? new Set()).add(JSON.stringify(answer.body)));
      const { date: _, ...headers } = Object.fromEntries(answer.headers);
      const ofViewer = `${endpoint} ${viewer.name} ${group}`;
      headersAlike.set(ofViewer, (headersAlike.get(ofViewer) ?? new Set()).add(JSON.stringify(headers)));
    }
  }

  test.each(EVERY_ENDPOINT)('%s refuses everybody what is not for them', (endpoint) => {
    expect(answered.get(endpoint)).toEqual(expected.get(endpoint));
  });

  test('what belongs to others is answered, word by word, like what does not exist', () => {
    expect([...alike].filter(([, bodies]) => bodies.size > 1)).toEqual([]);
    expect([...(alike.get('not found') ?? [])].map((body) => JSON.parse(body))).toEqual([
      { error: { code: 'not_found', message: expect.any(String) } },
    ]);
  });

  test('nor do its headers tell', () => {
    expect(headersAlike.size).toBeGreaterThan(50);
    expect([...headersAlike].filter(([, seen]) => seen.size > 1)).toEqual([]);
  });

  test('nothing is written', () => {
    expect(contents.before).not.toEqual(contents.empty);
    expect(contents.after).toEqual(contents.before);
    expect(appended).toEqual([]);
  });

  test('nobody is told anything', () => {
    expect(Object.keys(toldOfRows)).not.toEqual([]);
    expect(toldOfRefusals).toEqual({});
  });
});

describe('granted', () => {
  test.each(EVERY_ENDPOINT)(
    '%s answers everybody it is for what is theirs',
    async (endpoint) => {
      const { body, endsSession } = EXAMPLES[endpoint];
      for (const viewer of VIEWERS.filter((each) => mayUse(endpoint, each))) {
        const { own } = await makeIds(rows, endpoint, viewer.family);
        const spent = endsSession && viewer.person;
        const email = spent && (endsSession === 'everywhere' ? await addTwin(rows, spent.role) : spent.email);
        const token = email ? (await platform.logIn(email)).token : tokens.get(viewer.name);
        const answer = await send(endpoint, own, body?.(viewer.family), token);
        expect({ ...answer, viewer: viewer.name }).toMatchObject({ status: expect.toBeOneOf([200, 201, 204]) });
      }
    },
    MANY_HASHES_MS,
  );
});

describe('the table', () => {
  test('says of every id in a path what it must be', () => {
    for (const endpoint of EVERY_ENDPOINT) {
      const { roles, of } = ENDPOINTS[endpoint];
      expect({ endpoint, of: roles && of }).toEqual({
        endpoint,
        of: endpoint.includes('/:') ? expect.any(String) : undefined,
      });
    }
  });

  test('is tried with a wrong id wherever a body has one', () => {
    for (const endpoint of EVERY_ENDPOINT) {
      const { body, idsInBody = {} } = EXAMPLES[endpoint];
      expect({ endpoint, ids: Object.keys(idsInBody) }).toEqual({ endpoint, ids: idsIn(body?.(PETROVS)) });
    }
  });

  test('is all there is, whoever asks', async () => {
    for (const { name } of VIEWERS) {
      const token = tokens.get(name);
      for (const path of ['/api', '/api/unknown', '/api/parent', '/api/admin/users/1/password']) {
        const answer = await platform.call(path, { token });
        expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
      }
      expect(await platform.call('/api/parent/dashboard', { method: 'PUT', token })).toMatchObject({ status: 404 });
    }
  });
});
