import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, unprivilegedAccount } from './account.js';
import type { Certificate } from './certificates.js';
import { onFreePort } from './port.js';
import { postgresProgramPath, printed } from './programs.js';
import { type ServerProcess, startProcess } from './server-process.js';

/** A real PostgreSQL server on loopback, never as root, with a port and a folder of its own. */
export interface PostgresServer {
  readonly port: number;
  /** URL of a database of this server. */
  url(database: string): string;
  /** Creates a database of a random name, as a copy of `template` when given, and answers its name. */
  createDatabase(template?: string): Promise<string>;
  /** Drops it, whoever is connected. */
  dropDatabase(database: string): Promise<void>;
  /** Runs SQL through the `psql` program, as an operator would; answers what it printed (`-At`). Rejects when it failed. */
  psql(database: string, sql: string): Promise<string>;
  /** Ends it. `immediate` is a crash: no checkpoint, recovery at the next start. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again, same port and folder; resolves once it answers. */
  start(): Promise<void>;
  /** Ends it and removes its folder. Idempotent. */
  close(): Promise<void>;
}

/** Settings of {@link startPostgres}. */
export interface PostgresServerOptions {
  /** Speaks TLS, and lets nobody in without it, with this certificate for `localhost`. Default: no TLS. */
  readonly tls?: Certificate;
}

/**
 * Speed: here a crash of the operating system may cost data. One of the server may not, for which `synchronous_commit`
 * stays on.
 */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', shared_buffers: '32MB' };
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/**
 * Starts a PostgreSQL server with an empty cluster; resolves once it answers. It ends with this process at the latest.
 * PostgreSQL refuses to run as root: then it runs as `postgres`, else as `nobody`. Rejects when no PostgreSQL was
 * found, and with what it wrote when it does not start.
 */
export async function startPostgres({ tls }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const account = await unprivilegedAccount();
  // The folder for temporary files of root may be closed to others.
  const folder = await mkdtemp(join(account ? '/tmp' : tmpdir(), 'querycast-postgres-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const data = join(folder, 'data');
  const launch = (port: number) =>
    startProcess({
      command: postgresProgramPath('postgres'),
      args: ['-D', data, ...settings({ ...SETTINGS, ...(tls && TLS_SETTINGS), port: String(port) })],
      folder,
      logPath: join(folder, 'server.log'),
      isReady: (log) => log.includes('ready to accept connections'),
      lastSignal: SIGNALS.immediate,
      account,
    });
  try {
    if (account) await chown(folder, account.uid, account.gid);
    const layout = ['--encoding=UTF8', '--locale=C', '--wal-segsize=1', '--auth=trust', '--username=postgres'];
    await printed(postgresProgramPath('initdb'), ['-D', data, '--no-sync', ...layout], { cwd: folder, ...account });
    if (tls) await speakTls(data, tls, account);
    const first = await onFreePort(async (port) => ({ port, process: await launch(port) }));
    return postgresServer(first.port, first.process, { launch, removeFolder, withTls: tls !== undefined });
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

const TLS_SETTINGS = { ssl: 'on', ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' };

/** Puts the files where the settings look for them; the server reads no key that others may read. */
async function speakTls(data: string, { certificate, key }: Certificate, account: Account | undefined): Promise<void> {
  const files = { 'server.crt': certificate, 'server.key': key, 'pg_hba.conf': 'hostssl all all 127.0.0.1/32 trust\n' };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(data, name), content, { mode: 0o600 });
    if (account) await chown(join(data, name), account.uid, account.gid);
  }
}

function postgresServer(
  port: number,
  first: ServerProcess,
  tools: {
    readonly launch: (port: number) => Promise<ServerProcess>;
    readonly removeFolder: () => Promise<void>;
    readonly withTls: boolean;
  },
): PostgresServer {
  const { launch, removeFolder, withTls } = tools;
  let current = first;
  const url = (database: string) => `postgresql://postgres@${withTls ? 'localhost' : '127.0.0.1'}:${port}/${database}`;
  // Neither the settings of the present user (`-X`) nor his variables (`PGOPTIONS`, …).
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
  const psql = (database: string, sql: string) =>
    printed(postgresProgramPath('psql'), ['-XAt', '-v', 'ON_ERROR_STOP=1', '-d', url(database), '-c', sql], { env });
  return {
    port,
    url,
    psql,
    async createDatabase(template) {
      const name = `test_${randomBytes(8).toString('hex')}`;
      await psql('postgres', `create database ${name}${template ? ` template "${template}"` : ''}`);
      // A sequence is logged ahead of time, and the copy is not: after a crash before the next checkpoint it would begin
      // anew. Databases are not copied in production.
      if (template) await psql('postgres', 'checkpoint');
      return name;
    },
    async dropDatabase(database) {
      await psql('postgres', `drop database if exists "${database}" with (force)`);
    },
    stop: (mode) => current.end(SIGNALS[mode]),
    async start() {
      if (current.running) throw new Error('this PostgreSQL runs already');
      current = await launch(port);
    },
    async close() {
      await current.end(SIGNALS.immediate);
      await removeFolder();
    },
  };
}

function settings(values: Readonly<Record<string, string>>): string[] {
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...values };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
