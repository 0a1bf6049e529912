import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from './certificates.js';
import { onFreePort } from './port.js';
import { printed, redisCliPath, redisServerPath } from './programs.js';
import type { RedisServer } from './redis-server.js';
import { type ServerProcess, startProcess } from './server-process.js';

/** What a redis-server is started with. */
export interface RedisProcessOptions {
  /** Text of redis.conf behind what every server here has: its port, folder and address. */
  readonly config: string;
  readonly args: readonly string[];
  /** Written to the log once it answers. Redis says so only after it has loaded its data. */
  readonly readyLine: RegExp;
  /** Default: no TLS. */
  readonly tls?: Certificate;
}

/** Starts a redis-server with a port and a folder of its own. */
export async function startRedisProcess({ config, args, readyLine, tls }: RedisProcessOptions): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'querycast-redis-'));
  const configPath = join(folder, 'redis.conf');
  const launch = () =>
    startProcess({
      command: redisServerPath(),
      args: [configPath, ...args],
      folder,
      logPath: join(folder, 'server.log'),
      isReady: (log) => readyLine.test(log),
    });

  const start = onFreePort(async (port) => {
    // Only here: servers rewrite their configuration (CONFIG REWRITE, Sentinel), and a restart must keep that.
    await writeFile(configPath, `bind 127.0.0.1\nport ${port}\ndir ${folder}\ndaemonize no\n${config}\n`);
    if (tls) await speakTls(folder, port, tls);
    return { port, process: await launch() };
  });
  const first = await start.catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  return redisServer(first.port, first.process, { launch, removeFolder, withTls: tls !== undefined });
}

/** The port is that of TLS then, and there is no other. */
async function speakTls(folder: string, port: number, { certificate, key }: Certificate): Promise<void> {
  const [certificatePath, keyPath] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  await Promise.all([writeFile(certificatePath, certificate), writeFile(keyPath, key, { mode: 0o600 })]);
  const directives = ['port 0', `tls-port ${port}`, `tls-cert-file ${certificatePath}`, `tls-key-file ${keyPath}`];
  await appendFile(join(folder, 'redis.conf'), `${[...directives, 'tls-auth-clients no'].join('\n')}\n`);
}

function redisServer(
  port: number,
  first: ServerProcess,
  tools: {
    readonly launch: () => Promise<ServerProcess>;
    readonly removeFolder: () => Promise<void>;
    readonly withTls: boolean;
  },
): RedisServer {
  const { launch, removeFolder, withTls } = tools;
  // Who it is that answers is not what an operator on the same machine asks.
  const cliOptions = ['-e', '-h', '127.0.0.1', '-p', String(port), ...(withTls ? ['--tls', '--insecure'] : [])];
  let current = first;
  return {
    port,
    url: withTls ? `rediss://localhost:${port}` : `redis://127.0.0.1:${port}`,
    // `-e`: an error reply is a failure.
    cli: (...args) => printed(redisCliPath(), [...cliOptions, ...args]),
    stop: () => current.end('SIGTERM'),
    kill: () => current.end('SIGKILL'),
    async start() {
      if (current.running) throw new Error('this redis-server runs already');
      current = await launch();
    },
    pause: () => current.signal('SIGSTOP'),
    resume: () => current.signal('SIGCONT'),
    async close() {
      await current.end('SIGKILL');
      await removeFolder();
    },
  };
}
