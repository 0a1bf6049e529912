import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  createAuthority,
  type PostgresServer,
  type RedisServer,
  startPostgres,
  startRedis,
} from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from './db/open-database.js';
import { StartError } from './start-error.js';
import { connectLive } from './testing/live-socket.js';
import { runMain } from './testing/main-process.js';
import { START_TIMEOUT_MS } from './testing/test-platform.js';

/** Part of every URL: must never be said. */
const PASSWORD = 'hunter2-hunter2';
const PUBLISH_TOKEN = `publish-${PASSWORD}`;
const LONG_MS = 2 * START_TIMEOUT_MS;

let folder: string;
let postgres: PostgresServer;
let redis: RedisServer;
let database: string;
let trusted: string;
let another: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'querycast-tls-'));
  const authority = createAuthority('authority of the tests');
  trusted = join(folder, 'ca.crt');
  another = join(folder, 'another.crt');
  await writeFile(trusted, authority.certificate);
  await writeFile(another, createAuthority('authority of nobody').certificate);
  [postgres, redis] = await Promise.all([
    startPostgres({ tls: authority.issue(['localhost']) }),
    startRedis({ tls: authority.issue(['localhost']) }),
  ]);
  database = await postgres.createDatabase();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await Promise.all([postgres.close(), redis.close()]);
  await rm(folder, { recursive: true, force: true });
});

interface Differences {
  readonly redisHost?: string;
  /** Whose certificates the process believes; default: those of the servers' authority. */
  readonly trust?: 'another';
}

/** The variables of a node that says everything over TLS, but for some differences. */
function variablesWith({ redisHost = 'localhost', trust }: Differences = {}) {
  const databaseUrl = new URL(postgres.url(database));
  databaseUrl.search = `sslmode=verify-full&sslrootcert=${trusted}`;
  const log = new URL(redis.url);
  log.hostname = redisHost;
  for (const url of [databaseUrl, log]) url.password = PASSWORD;
  log.username = 'default';
  return {
    DATABASE_URL: databaseUrl.href,
    REDIS_URL: log.href,
    AUTH_SECRET: `${PASSWORD}-${'x'.repeat(32)}`,
    PUBLISH_TOKEN,
    DEMO_DATA: 'true',
    NODE_EXTRA_CA_CERTS: trust === 'another' ? another : trusted,
  };
}

/** What is said to the operator by a node that does not start. */
async function refusal(differences: Differences): Promise<string> {
  const { child, output, ended } = runMain(variablesWith(differences));
  try {
    expect(await ended).toBe(1);
  } finally {
    child.kill('SIGKILL');
  }
  expect(output.stdout + output.stderr).not.toContain(PASSWORD);
  // What is a line of the log is JSON.
  return output.stderr
    .split('\n')
    .filter((line) => line.startsWith('The '))
    .join('\n');
}

test(
  'a node whose servers speak nothing but TLS serves people and publishers, every connection encrypted',
  async () => {
    const { child, output, said, ended } = runMain(variablesWith());
    try {
      await said('Ctrl-C');
      const url = /Log in at: (\S+)\//.exec(output.stdout)?.[1] ?? '';
      const post = async (path: string, body: unknown, token = '') => {
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
        return await fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers });
      };
      const login = await post('/api/auth/login', { email: 'parent@demo.test', password: 'demo' });
      const { token } = (await login.json()) as { token: string };
      const live = await connectLive(url, token);
      const published = await post('/v1/invalidations', { rooms: ['parent:1'], keys: [['over-tls']] }, PUBLISH_TOKEN);
      expect(published.status).toBe(202);
      // The process has only just begun, and may be telling of its demo data yet.
      while (!(await live.nextFrame()).keys.some(([first]) => first === 'over-tls'));
      live.close();
      const connections = await postgres.psql(
        database,
        `SELECT bool_and(ssl), count(*) > 2 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'querycast%'`,
      );
      expect(connections).toBe('t|t');
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(output.stdout + output.stderr).not.toContain(PASSWORD);
    } finally {
      child.kill('SIGKILL');
    }
  },
  LONG_MS,
);

const UNTRUSTED = /certificate is not signed by an authority that is trusted here: name that with/;
const OTHER_HOST = /certificate is for another host name than that of the URL: name the server as its certificate does/;

test.each<[name: string, differences: Differences, sentences: RegExp[]]>([
  ['an unknown authority', { trust: 'another' }, [UNTRUSTED, /with NODE_EXTRA_CA_CERTS\./]],
  ['another name', { redisHost: '127.0.0.1' }, [OTHER_HOST]],
])(
  'a Redis with a certificate of %s is a refused start that says what to do, and no credential',
  async (_name, differences, sentences) => {
    const said = await refusal(differences);
    for (const sentence of [/^The Redis at \S+ cannot hold the log/, ...sentences]) expect(said).toMatch(sentence);
  },
  LONG_MS,
);

test.each<
  [name: string, host: string, options: (ca: { trusted: string; another: string }) => string, sentence: RegExp]
>([
  ['an unknown authority', 'localhost', ({ another: ca }) => `sslmode=verify-full&sslrootcert=${ca}`, UNTRUSTED],
  ['no authority that is named', 'localhost', () => 'sslmode=verify-full', UNTRUSTED],
  ['another name', '127.0.0.1', ({ trusted: ca }) => `sslmode=verify-full&sslrootcert=${ca}`, OTHER_HOST],
  ['no interest here', 'localhost', () => '', /unencrypted connection, which sslmode=verify-full in the URL encrypts/],
])(
  'a PostgreSQL with a certificate of %s is refused in a sentence, without its URL',
  async (_name, host, options, sentence) => {
    const url = new URL(variablesWith().DATABASE_URL);
    url.hostname = host;
    url.search = options({ trusted, another });
    const error = await openDatabase({ url: url.href }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartError);
    const said = inspect(error, { depth: 9 });
    expect(said).toMatch(/DATABASE_URL cannot be used/);
    expect(said).toMatch(sentence);
    expect(said).not.toContain(PASSWORD);
  },
);
