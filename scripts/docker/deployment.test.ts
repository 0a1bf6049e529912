import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeProgram } from '@querycast/test-servers';
import { expect, test } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { COMPOSE_TEXT, type ComposeService, filledIn, readCompose } from './compose-file.js';
import { parseDockerfile } from './dockerfile.mjs';

const SECRETS = {
  AUTH_SECRET: 'an-auth-secret-of-this-test-only-0123456789',
  PUBLISH_TOKEN: 'a-publish-token-of-this-test-only',
  POSTGRES_PASSWORD: 'a-password-of-this-test-only',
};
/** Set by the image, for every container alike. */
const OF_THE_IMAGE = ['HOST', 'PORT', 'DATA_DIR'];
/** The other ways to name a Redis: one of them is used. */
const OTHER_WAYS = ['REDIS_SENTINEL_URLS', 'REDIS_SENTINEL_NAME', 'REDIS_CLUSTER_URLS'];

const { services, networks, volumes } = readCompose();
const entries = Object.entries(services);
const gateways = entries.filter(([name]) => name.startsWith('gateway-'));
const nginxConf = readFileSync(join(ROOT, 'nginx.conf'), 'utf8');
const image = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
const imageEnvironment = Object.fromEntries(
  (image.at(-1)?.instructions ?? []).filter(({ name }) => name === 'ENV').map(({ text }) => text.split('=')),
);

const HAS_COMPOSE = spawnSync('docker', ['compose', 'version']).status === 0;

// Not skipped otherwise, which would count as failed: the name of the next one tells.
if (HAS_COMPOSE) {
  test('docker compose itself accepts the file, and refuses it without the secrets', () => {
    const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
    // Its own file for the environment: no .env may help it.
    const args = ['compose', '--env-file', '/dev/null', '-f', join(ROOT, 'docker-compose.yml'), 'config', '-q'];
    const config = (env: NodeJS.ProcessEnv) =>
      spawnSync('docker', args, { env: { ...environment, ...env }, encoding: 'utf8' });
    expect(config(SECRETS)).toMatchObject({ status: 0, stderr: '' });
    for (const name of Object.keys(SECRETS)) expect(config({ ...SECRETS, [name]: '' }).stderr).toContain(name);
  });
}

const JUDGE = HAS_COMPOSE
  ? 'by our own reading, as by docker compose'
  : 'by our own reading only: docker compose is not installed';
test(`the compose file is accepted, and refused without the secrets, ${JUDGE}`, () => {
  console.log(`docker-compose.yml was judged ${JUDGE}`);
  expect(filledIn(COMPOSE_TEXT, SECRETS)).not.toContain('${');
  for (const name of Object.keys(SECRETS)) {
    expect(() => filledIn(COMPOSE_TEXT, { ...SECRETS, [name]: '' })).toThrow(`${name} is missing: make one`);
  }
});

test('the gateways are given every variable the platform knows, and no other', async () => {
  const { variables } = await source<{ variables: { shape: object } }>('server/platform/src/config/variables.ts');
  expect(gateways).toHaveLength(2);
  for (const [, { environment = {} }] of gateways) {
    const given = [...Object.keys(environment), ...OF_THE_IMAGE, ...OTHER_WAYS];
    expect(given.sort()).toEqual(Object.keys(variables.shape).sort());
  }
  expect(Object.keys(imageEnvironment).sort()).toEqual(['NODE_ENV', ...OF_THE_IMAGE].sort());
});

test('the platform starts with what it is given, without a warning', async () => {
  const { readConfig } = await source<{ readConfig: (environment: object) => Record<string, unknown> }>(
    'server/platform/src/config.ts',
  );
  for (const [, gateway] of gateways) {
    const config = readConfig({ ...imageEnvironment, ...environmentOf(gateway) });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      demoData: false,
      authSecret: SECRETS.AUTH_SECRET,
      publishTokens: [SECRETS.PUBLISH_TOKEN],
      distributed: {
        redis: { url: 'redis://redis-log:6379' },
        cache: { url: 'redis://redis-cache:6379' },
        warnings: [],
      },
    });
  }
});

test('every server that a URL names is a service, on its own port and a network of its own', () => {
  for (const [, gateway] of gateways) {
    const { DATABASE_URL, REDIS_URL, CACHE_REDIS_URL } = environmentOf(gateway);
    const named = [DATABASE_URL, REDIS_URL, CACHE_REDIS_URL].map((url) => new URL(url ?? ''));
    expect(named.map(({ hostname }) => hostname)).toEqual(['postgres', 'redis-log', 'redis-cache']);
    expect(named.map(({ port }) => port)).toEqual(['5432', '6379', '6379']);
    for (const { hostname } of named) {
      expect(services[hostname]).toMatchObject({ networks: ['back'] });
      expect(services[hostname]).not.toHaveProperty('ports');
      expect(gateway.depends_on?.[hostname]?.condition).toBe('service_healthy');
    }
    const { username, password, pathname } = named[0] ?? new URL('none:');
    expect(environmentOf(services['postgres'])).toEqual({
      POSTGRES_USER: username,
      POSTGRES_PASSWORD: password,
      POSTGRES_DB: pathname.slice(1),
    });
  }
  expect(networks['back']?.internal).toBe(true);
});

test('nginx finds each gateway once, where the image listens', () => {
  const port = imageEnvironment['PORT'];
  const upstreams = [...nginxConf.matchAll(/^\s*server (\S+:\d+)/gm)].map(([, address]) => address);
  expect(upstreams).toEqual(gateways.map(([name]) => `${name}:${port}`));
  for (const upstream of upstreams) expect(nginxConf.split(upstream ?? '')).toHaveLength(2);
  expect(instruction('EXPOSE')).toBe(port);
  // Not readiness: whatever restarts the unhealthy would do so while PostgreSQL is away.
  expect(instruction('HEALTHCHECK')).toMatch(/http:\/\/127\.0\.0\.1:\$\{process\.env\.PORT\}\/healthz/);
  expect(Object.keys(services['nginx']?.depends_on ?? {})).toEqual(gateways.map(([name]) => name));
});

test('nginx waits for gateways that are ready', async () => {
  let isReady = true;
  const server = createServer(({ url }, response) => {
    response.writeHead((url === '/readyz') === isReady ? 200 : 503).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const own = String((server.address() as AddressInfo).port);
  const exitCodes = () =>
    Promise.all(
      gateways.map(async ([, { healthcheck }]) => {
        const [kind, command, ...args] = healthcheck?.test ?? [];
        expect([kind, command]).toEqual(['CMD', 'node']);
        const port = imageEnvironment['PORT'] ?? '';
        const child = spawn(
          process.execPath,
          args.map((arg) => arg.replace(`:${port}/`, `:${own}/`)),
        );
        return (await once(child, 'exit'))[0];
      }),
    );
  expect(await exitCodes()).toEqual([0, 0]);
  isReady = false;
  expect(await exitCodes()).toEqual([1, 1]);
  server.close();
});

test('only nginx is published, to this host only, and its health check asks where it listens', () => {
  expect(entries.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['nginx']);
  expect(services['nginx']?.ports).toEqual(['127.0.0.1:8080:8080']);
  expect(nginxConf.match(/^\s*listen .*/gm)?.map((line) => line.trim())).toEqual(['listen 8080;']);
  expect(services['nginx']?.healthcheck?.test).toContain('http://127.0.0.1:8080/healthz');
  expect(services['nginx']?.volumes).toContain('./nginx.conf:/etc/nginx/nginx.conf:ro');
});

test('nginx is more patient than a silent WebSocket that is well', () => {
  const silenceMs =
    constant('server/src/gateway/gateway.ts', 'DEFAULT_PING_MS') +
    constant('server/src/gateway/socket-io.ts', 'PING_TIMEOUT_MS');
  expect(silenceMs).toBeGreaterThanOrEqual(20_000);
  const [, paths = '', ofSockets = ''] = /location ~ \^\/(\S+)\/ \{([\s\S]*?)\}/.exec(nginxConf) ?? [];
  expect(paths).toBe('(socket\\.io|demo/hand-written)');
  for (const name of ['proxy_read_timeout', 'proxy_send_timeout']) {
    expect([name, milliseconds(name, ofSockets) > silenceMs]).toEqual([name, true]);
  }
  expect(milliseconds('send_timeout')).toBeGreaterThan(silenceMs);
});

test('nginx leaves a gateway that hangs within seconds, one that waits for PostgreSQL never, and then asks the other one', () => {
  const [ofRequests = ''] = nginxConf.split('location ~');
  const leftAfterMs = milliseconds('proxy_read_timeout', ofRequests);
  expect(leftAfterMs).toBeLessThanOrEqual(10_000);
  expect(leftAfterMs).toBeGreaterThan(constant('server/platform/src/db/postgres-pool.ts', 'ANSWER_TIMEOUT_MS'));
  expect(milliseconds('proxy_next_upstream_timeout')).toBeGreaterThan(leftAfterMs);
  expect(milliseconds('proxy_next_upstream_timeout')).toBeLessThan(2 * leftAfterMs);
});

test('nginx drops an idle connection to a gateway before the gateway does', () => {
  const upstream = /upstream querycast \{([\s\S]*?)\n {2}\}/.exec(nginxConf)?.[1] ?? '';
  expect(milliseconds('keepalive_timeout', upstream)).toBeLessThan(createServer().keepAliveTimeout);
});

test('nginx lets through the largest body that a route reads, and not much more', async () => {
  const { MAX_PUBLISH_BYTES } = await source<{ MAX_PUBLISH_BYTES: number }>('server/src/publisher/publish-size.ts');
  const [ofTheApi, ofPublishing] = [...nginxConf.matchAll(/client_max_body_size (\d+)k;/g)].map(([, k]) => Number(k));
  const apiSource = readFileSync(join(ROOT, 'server/platform/src/http/app.ts'), 'utf8');
  expect(ofTheApi).toBe(Number(/MAX_BODY = '(\d+)kb'/.exec(apiSource)?.[1]));
  expect((ofPublishing ?? 0) * 1_024).toBeGreaterThanOrEqual(MAX_PUBLISH_BYTES);
  expect((ofPublishing ?? 0) * 1_024).toBeLessThan(MAX_PUBLISH_BYTES * 1.1);
});

test('the Redis of the log keeps everything, that of the cache forgets', () => {
  const settings = (name: string) => (services[name]?.command ?? []).join(' ');
  expect(settings('redis-log')).toContain('--appendonly yes --appendfsync everysec');
  expect(settings('redis-log')).toContain('--maxmemory-policy noeviction');
  // A single message must not be able to fill the memory of every node.
  expect(settings('redis-log')).toContain('--proto-max-bulk-len 2mb');
  expect(services['redis-log']?.volumes).toEqual(['redis-log-data:/data']);
  expect(settings('redis-cache')).toMatch(/--save {2}--appendonly no --maxmemory \S+ --maxmemory-policy allkeys-lru/);
  expect(Object.keys(volumes)).toEqual(['postgres-data', 'redis-log-data']);
});

test('every service has a health check, a pinned image, a user that is not root, and a file system it cannot change', () => {
  for (const [name, service] of entries) {
    expect([name, service.read_only, service.restart]).toEqual([name, true, 'unless-stopped']);
    if (service.build === undefined) {
      expect([name, service.image]).toEqual([name, expect.stringMatching(/^[a-z]+:\d+(\.\d+)*-alpine$/)]);
      expect([name, service.user]).toEqual([name, expect.stringMatching(/^(?!root)[a-z]+$/)]);
      expect([name, service.healthcheck?.test]).toEqual([
        name,
        expect.arrayContaining([expect.stringMatching(/^CMD/)]),
      ]);
    } else {
      expect([name, service.build]).toEqual([name, '.']);
    }
  }
  for (const { from } of image) expect(from).toMatch(/^node:\d+(\.\d+)*-slim$/);
  expect(instruction('USER')).toBe('node');
  expect(instruction('HEALTHCHECK')).not.toBe('');
});

test('every workspace is known before the image installs its dependencies', () => {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] };
  const copied = image[0]?.instructions.filter(({ name }) => name === 'COPY').map(({ text }) => text);
  for (const workspace of workspaces) expect(copied).toContain(`${workspace}/package.json ${workspace}/`);
});

test('the command in the compose file makes every secret, long and for its owner only', () => {
  const command = /^# {3}(umask .*)$/m.exec(COMPOSE_TEXT)?.[1] ?? '';
  expect(command).toContain('openssl rand -hex 32');
  const folder = mkdtempSync(join(tmpdir(), 'querycast-env-'));
  try {
    // Where there is none, as in a slim image, something that prints what it would.
    const own = `exec "${process.execPath}" -p "crypto.randomBytes(32).toString('hex')"`;
    if (spawnSync('openssl', ['version']).error) writeProgram(own, join(folder, 'openssl'));
    expect(
      spawnSync('/bin/sh', ['-c', command], {
        cwd: folder,
        env: { PATH: `${process.env['PATH']}:${folder}` },
        encoding: 'utf8',
      }),
    ).toMatchObject({
      status: 0,
      stderr: '',
    });
    const lines = readFileSync(join(folder, '.env'), 'utf8').trim().split('\n');
    expect(lines.map((line) => line.split('=')[0]).sort()).toEqual(Object.keys(SECRETS).sort());
    expect(new Set(lines.map((line) => /^\w+=([0-9a-f]{64})$/.exec(line)?.[1])).size).toBe(3);
    expect(statSync(join(folder, '.env')).mode & 0o077).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('no file of the deployment holds a secret', () => {
  const given = /(SECRET|TOKEN|PASSWORD)\w*["']?\s*[:=]\s*["']?[^\s"']/;
  const inUrl = /:\/\/[^/@\s]*:[^/@\s]+@/;
  for (const file of ['docker-compose.yml', 'Dockerfile', 'nginx.conf']) {
    const lines = readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.replaceAll(/\$\{\w+:\?[^}]*\}/g, ''));
    expect(lines.filter((line) => given.test(line) || inUrl.test(line))).toEqual([]);
  }
});

/** A module of another workspace, from its sources: those are not part of the scripts' own types. */
async function source<T>(path: string): Promise<T> {
  return (await import(/* @vite-ignore */ join(ROOT, path))) as T;
}

function environmentOf(service: ComposeService | undefined): Record<string, string> {
  const pairs = Object.entries(service?.environment ?? {});
  return Object.fromEntries(pairs.map(([name, value]) => [name, filledIn(value, SECRETS)]));
}

function instruction(wanted: string): string {
  return image.at(-1)?.instructions.find(({ name }) => name === wanted)?.text ?? '';
}

/** A number that a module keeps to itself. */
function constant(path: string, name: string): number {
  const found = new RegExp(`const ${name} = ([\\d_]+);`).exec(readFileSync(join(ROOT, path), 'utf8'))?.[1];
  if (found === undefined) throw new Error(`${path} has no ${name}`);
  return Number(found.replaceAll('_', ''));
}

/** A directive of nginx that is a number of seconds. */
function milliseconds(directive: string, conf = nginxConf): number {
  const found = new RegExp(`^\\s*${directive} (\\d+)s;`, 'm').exec(conf)?.[1];
  if (found === undefined) throw new Error(`nginx.conf has no ${directive} in seconds`);
  return Number(found) * 1_000;
}
