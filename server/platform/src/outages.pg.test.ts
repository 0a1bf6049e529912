import {
  type DeafProxy,
  type NginxServer,
  type PostgresServer,
  type RedisServer,
  startDeafProxy,
  startNginx,
  startPostgres,
  startRedis,
} from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PUBLISH_TOKEN } from './testing/distributed-place.js';
import { connectLive } from './testing/live-socket.js';
import { type MainProcess, runMain } from './testing/main-process.js';
import { namedLines, namedMetrics, type OutageRow, readOutageTable } from './testing/outage-table.js';

const TABLE = readOutageTable();
/** Counts of the outbox come every 10 s. */
const PATIENT = { timeout: 25_000, interval: 100 };
const TEST_MS = 60_000;

/** The connections on which a node listens. */
const LISTENING = ['log', 'control', 'door'] as const;

interface Node extends MainProcess {
  readonly url: string;
}

let postgres: PostgresServer;
let log: RedisServer;
/** Between the first node and the Redis of the log. */
let wire: DeafProxy;
let cache: RedisServer;
let nodes: readonly [Node, Node];
let nginx: NginxServer;

beforeAll(async () => {
  [postgres, log, cache] = await Promise.all([startPostgres(), startRedis(), startRedis()]);
  wire = await startDeafProxy(log);
  const database = await postgres.createDatabase();
  const variables = {
    DATABASE_URL: postgres.url(database),
    REDIS_URL: log.url,
    CACHE_REDIS_URL: cache.url,
    AUTH_SECRET: 'auth-secret-of-the-outage-tests-0123456789',
    PUBLISH_TOKEN,
    DEMO_DATA: 'true',
  };
  nodes = await Promise.all([startNode({ ...variables, REDIS_URL: wire.url }), startNode(variables)]);
  const upstreams = nodes.map(({ url }) => Number(new URL(url).port));
  nginx = await startNginx({ upstreams, hungAfterSeconds: 1 });
}, TEST_MS);

afterAll(async () => {
  for (const { child } of nodes ?? []) child.kill('SIGKILL');
  await Promise.all([nginx, postgres, wire, log, cache].map((server) => server?.close()));
});

test('what is provoked here is all that the document has a row for', () => {
  const provoked = [
    'Redis of the log',
    'what a node hears',
    'Redis of the cache',
    'PostgreSQL',
    'one node',
    'a node that hangs',
    'all nodes',
  ];
  expect(TABLE.map(({ part }) => part)).toEqual(provoked);
});

test('a node that hears nothing any more says and counts what the document says, and so when it hears again', {
  timeout: TEST_MS,
}, async () => {
  const [node] = nodes;
  const { seen, after } = rowOf('what a node hears');
  // Only what listens by then becomes deaf.
  await expectMoreBeats(node, 'heard', await beatsOf(node, 'heard'));
  const before = await metricsOf(node);
  const missed = await beatsOf(node, 'missed');
  wire.deafen();
  await vi.waitFor(() => expectLines(node, seen), PATIENT);
  await vi.waitFor(async () => expectMoved(seen, before, await metricsOf(node)), PATIENT);
  // Of a busy machine some may have been missed before.
  await expectMoreBeats(node, 'missed', missed);
  expect((await call('/readyz')).status).toBe(200);
  await vi.waitFor(() => expectLines(node, after), PATIENT);
  await vi.waitFor(async () => expect(await metricsOf(node)).toContain('querycast_broker_live 1'), PATIENT);
});

test('without the Redis of the log a node says and counts what the document says, and so when it is back', {
  timeout: TEST_MS,
}, async () => {
  const [node] = nodes;
  const { seen, after } = rowOf('Redis of the log');
  const before = await metricsOf(node);
  const marina = await logIn('tutor@demo.test');
  await log.stop();
  expect((await assign(marina)).status).toBe(201);
  await vi.waitFor(async () => expect((await publish()).status).toBe(503), PATIENT);
  await vi.waitFor(() => expectLines(node, seen), PATIENT);
  const lost = expect.objectContaining({ msg: 'redis connection lost', name: 'log' });
  await vi.waitFor(() => expect(linesOf(node)).toContainEqual(lost), PATIENT);
  await vi.waitFor(async () => expectMoved(seen, before, await metricsOf(node)), PATIENT);
  await log.start();
  await vi.waitFor(() => expectLines(node, after), PATIENT);
  await vi.waitFor(async () => expect((await publish()).status).toBe(202), PATIENT);
});

test('without the Redis of the cache a node says and counts what the document says', { timeout: TEST_MS }, async () => {
  const [node] = nodes;
  const { seen } = rowOf('Redis of the cache');
  const before = await metricsOf(node);
  const [olga, marina] = [await logIn('parent@demo.test'), await logIn('tutor@demo.test')];
  await assign(marina);
  await cache.stop();
  expect((await call('/api/parent/dashboard', olga)).status).toBe(200);
  expect((await unassign(marina)).status).toBe(204);
  await vi.waitFor(() => expectLines(node, seen), PATIENT);
  await vi.waitFor(async () => expectMoved(seen, before, await metricsOf(node)), PATIENT);
  await cache.start();
});

test('without PostgreSQL a node answers 503, says and counts what the document says, and so when it is back', {
  timeout: TEST_MS,
}, async () => {
  const [node] = nodes;
  const { seen, after } = rowOf('PostgreSQL');
  const before = await metricsOf(node);
  const olga = await logIn('parent@demo.test');
  await postgres.stop('fast');
  const answer = await call('/api/parent/dashboard', olga);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await answer.json()).toMatchObject({ error: { code: 'database_away' } });
  expect((await call('/readyz')).status).toBe(503);
  expect((await call('/healthz')).status).toBe(200);
  await vi.waitFor(() => expectLines(node, seen), PATIENT);
  await vi.waitFor(async () => expectMoved(seen, before, await metricsOf(node)), PATIENT);
  await postgres.start();
  await vi.waitFor(() => expectLines(node, after), PATIENT);
  await vi.waitFor(async () => expect((await call('/api/parent/dashboard', olga)).status).toBe(200), PATIENT);
});

test('of a node that hangs nginx says what the document says, and requests are answered', {
  timeout: TEST_MS,
}, async () => {
  nodes[0].child.kill('SIGSTOP');
  for (const path of ['/healthz', '/healthz', '/healthz']) expect((await fetch(nginx.url + path)).status).toBe(200);
  await vi.waitFor(() => expectNginxLines(rowOf('a node that hangs').seen), PATIENT);
  nodes[0].child.kill('SIGCONT');
  await vi.waitFor(async () => expect((await call('/healthz')).status).toBe(200), PATIENT);
});

test('of one node that is killed, and then of all, nginx says what the document says', {
  timeout: TEST_MS,
}, async () => {
  const { seen } = rowOf('one node');
  const [first, second] = nodes;
  const olga = await logIn('parent@demo.test');
  const before = await metricsOf(second);
  const there = await connectLive(first.url, olga);
  first.child.kill('SIGKILL');
  await vi.waitFor(() => expect(there.isConnected()).toBe(false), PATIENT);
  const live = await connectLive(nginx.url, olga);
  // It may be skipped for a while, for having hung.
  await vi.waitFor(async () => {
    expect((await fetch(`${nginx.url}/healthz`)).status).toBe(200);
    await expectNginxLines(seen);
  }, PATIENT);
  expectMoved(seen, before, await metricsOf(second));
  live.close();

  second.child.kill('SIGKILL');
  await vi.waitFor(async () => {
    const answer = await fetch(`${nginx.url}/api/subjects`);
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'no_gateway' } }]);
    await expectNginxLines(rowOf('all nodes').seen);
  }, PATIENT);
});

async function startNode(variables: Readonly<Record<string, string>>): Promise<Node> {
  const main = runMain(variables);
  await main.said('Ctrl-C');
  return { ...main, url: /^Log in at: (http:\S+)\/$/m.exec(main.output.stdout)?.[1] ?? '' };
}

function rowOf(part: string): OutageRow {
  const row = TABLE.find((each) => each.part === part);
  if (!row) throw new Error(`the document says nothing about: ${part}`);
  return row;
}

function linesOf({ output }: Node): Record<string, unknown>[] {
  return output.stderr
    .split('\n')
    .flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line)] : []));
}

/** How many beats each of these connections heard, or missed. */
async function beatsOf(node: Node, result: 'heard' | 'missed'): Promise<number[]> {
  const metrics = await metricsOf(node);
  const beats = (connection: string) =>
    new RegExp(`^querycast_heartbeats_total{connection="${connection}",result="${result}"} (\\d+)`, 'm').exec(
      metrics,
    )?.[1];
  return LISTENING.map((connection) => Number(beats(connection) ?? 0));
}

/** Each of them has heard, or missed, more than before. */
async function expectMoreBeats(node: Node, result: 'heard' | 'missed', before: readonly number[]): Promise<void> {
  await vi.waitFor(async () => {
    for (const [index, beats] of (await beatsOf(node, result)).entries()) {
      expect(beats, `${LISTENING[index]} ${result}`).toBeGreaterThan(before[index] ?? 0);
    }
  }, PATIENT);
}

function expectLines(node: Node, text: string): void {
  const named = namedLines(text);
  expect(named).not.toEqual([]);
  const written = linesOf(node).map(({ msg }) => msg);
  for (const line of named) expect(written).toContain(line);
}

async function expectNginxLines(text: string): Promise<void> {
  const named = namedLines(text);
  expect(named).not.toEqual([]);
  const written = (await nginx.errorLog()).join('\n');
  for (const line of named) expect(written).toContain(line);
}

async function metricsOf({ url }: Node): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** Each metric that a text names has another value than before. */
function expectMoved(text: string, before: string, now: string): void {
  const named = namedMetrics(text);
  expect(named).not.toEqual([]);
  const samples = (name: string, metrics: string) =>
    metrics.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  for (const name of named) expect(samples(name, now), name).not.toEqual(samples(name, before));
}

function call(path: string, token?: string, init: RequestInit = {}): Promise<Response> {
  const headers = {
    'Content-Type': 'application/json',
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  };
  return fetch(nodes[0].url + path, { ...init, headers });
}

async function logIn(email: string): Promise<string> {
  const answer = await call('/api/auth/login', undefined, {
    method: 'POST',
    body: JSON.stringify({ email, password: 'demo' }),
  });
  if (answer.status !== 200) throw new Error(`log-in of ${email} answered ${answer.status}: ${await answer.text()}`);
  const { token } = (await answer.json()) as { token: string };
  return token;
}

function assign(tutor: string): Promise<Response> {
  const body = JSON.stringify({ subjectId: 2, teacherId: 6 });
  return call('/api/tutor/students/3/subjects', tutor, { method: 'POST', body });
}

/** Takes back what {@link assign} has done. */
async function unassign(tutor: string): Promise<Response> {
  const students = await (await call('/api/tutor/students', tutor)).json();
  const [enrollment] = (students as { id: number; subjects: { enrollmentId: number; subjectId: number }[] }[])
    .flatMap(({ subjects }) => subjects)
    .filter(({ subjectId }) => subjectId === 2);
  return call(`/api/tutor/students/3/subjects/${enrollment?.enrollmentId}`, tutor, { method: 'DELETE' });
}

function publish(): Promise<Response> {
  const body = JSON.stringify({ rooms: ['parent:1'], keys: [['a']] });
  return call('/v1/invalidations', PUBLISH_TOKEN, { method: 'POST', body });
}
