import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import {
  type PostgresServer,
  postgresProgramPath,
  type RedisServer,
  startPostgres,
  startRedis,
  writeProgram,
} from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from './config.js';
import { startPlatform } from './start-platform.js';

const README = new URL('../../../README.md', import.meta.url);

let postgres: PostgresServer;
let redis: readonly RedisServer[];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'querycast-readme-'));
  [postgres, ...redis] = await Promise.all([startPostgres(), startRedis(), startRedis()]);
});
afterAll(async () => {
  await Promise.all([postgres?.close(), ...redis.map((each) => each.close())]);
  await rm(folder, { recursive: true, force: true });
});

/** Runs the block of the README as it is, and answers the variables that `npm start` would see. */
async function variablesOfReadme(): Promise<Record<string, string>> {
  const [, script = ''] = /^```sh servers\n([\s\S]*?)^```$/m.exec(await readFile(README, 'utf8')) ?? [];
  writeProgram('env', join(folder, 'npm'));
  writeProgram(`exec '${postgresProgramPath('psql')}' -X "$@"`, join(folder, 'psql'));
  writeProgram(`exec '${process.execPath}' -p "crypto.randomBytes(32).toString('hex')"`, join(folder, 'openssl'));
  const PATH = `${folder}${delimiter}${process.env['PATH']}`;
  const environment = { PATH, PGHOST: '127.0.0.1', PGPORT: String(postgres.port), PGUSER: 'postgres' };
  const { stdout } = await promisify(execFile)('/bin/sh', ['-eu', '-c', script], { env: environment });
  return Object.fromEntries(stdout.split('\n').map((line) => line.split(/=(.*)/s, 2)));
}

test('what the README says about Redis and PostgreSQL, followed to the letter, starts a node with demo people', async () => {
  const { DATABASE_URL = '', REDIS_URL = '', CACHE_REDIS_URL = '', ...variables } = await variablesOfReadme();
  const servers = [DATABASE_URL, REDIS_URL, CACHE_REDIS_URL].map((url) => new URL(url));
  expect(servers.map(({ hostname, port }) => [hostname, port])).toEqual([
    ['localhost', ''],
    ['localhost', '6379'],
    ['localhost', '6380'],
  ]);
  // The same servers, where this test has them.
  const ports = [postgres, ...redis].map(({ port }) => String(port));
  for (const [index, server] of servers.entries()) Object.assign(server, { hostname: '127.0.0.1', port: ports[index] });
  const [database, log, cache] = servers.map(({ href }) => href);
  const { PORT: port, ...rest } = variables;
  expect(port).toBe('3001');
  const given = { ...rest, DATABASE_URL: database, REDIS_URL: log, CACHE_REDIS_URL: cache, PORT: '0' };
  const platform = await startPlatform(readConfig(given));
  try {
    const accounts = await fetch(`${platform.url}/api/demo/accounts`);
    expect([accounts.status, await accounts.json()]).toEqual([200, expect.arrayContaining([expect.anything()])]);
  } finally {
    await platform.close();
  }
});
