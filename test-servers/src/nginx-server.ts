import { existsSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unprivilegedAccount } from './account.js';
import { placedNginxConf } from './nginx-conf.js';
import { onFreePort } from './port.js';
import { nginxPath } from './programs.js';
import { startProcess } from './server-process.js';

/** A real nginx on loopback with the configuration of this repository, never as root. */
export interface NginxServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** One parsed line for each finished request; a WebSocket's comes when it closes. */
  accessLog(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The lines it wrote about failures. */
  errorLog(): Promise<readonly string[]>;
  /** Ends it and removes its folder. Idempotent. */
  close(): Promise<void>;
}

/** Settings of {@link startNginx}. */
export interface NginxOptions {
  /** Ports of the gateways on loopback: as many as `nginx.conf` names. */
  readonly upstreams: readonly number[];
  /** Seconds after which a gateway that hangs is left; default as in `nginx.conf`, for tests that must not wait so long. */
  readonly hungAfterSeconds?: number;
  /** Told at its end all that it wrote, which is more than before: of WebSockets it writes when they close. */
  readonly written?: (log: string) => void;
}

const COMMITTED_CONF = new URL('../../nginx.conf', import.meta.url);

/**
 * Starts nginx with the `nginx.conf` of this repository, its addresses replaced; resolves once it accepts connections.
 * It ends with this process at the latest. Rejects when no nginx was found, and with what it wrote when it does not
 * start.
 */
export async function startNginx({ upstreams, hungAfterSeconds, written }: NginxOptions): Promise<NginxServer> {
  const account = await unprivilegedAccount();
  // The folder for temporary files of root may be closed to others.
  const folder = await mkdtemp(join(account ? '/tmp' : tmpdir(), 'querycast-nginx-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const confPath = join(folder, 'nginx.conf');
  const logPath = join(folder, 'nginx.log');
  try {
    if (account) await chown(folder, account.uid, account.gid);
    const committed = await readFile(COMMITTED_CONF, 'utf8');
    const { port, process } = await onFreePort(async (port) => {
      await writeFile(confPath, placedNginxConf(committed, { port, upstreams, folder, hungAfterSeconds }));
      const command = {
        command: nginxPath(),
        // `-e`: not even before it has read its configuration does it write elsewhere.
        args: ['-p', folder, '-e', 'stderr', '-c', confPath, '-g', 'daemon off;'],
        folder,
        logPath,
        // Written once its sockets listen.
        isReady: () => existsSync(join(folder, 'nginx.pid')),
        // A killed master leaves its workers behind.
        lastSignal: 'SIGTERM' as const,
        account,
      };
      return { port, process: await startProcess(command) };
    });
    const lines = async () => (await readFile(logPath, 'utf8')).split('\n').filter((line) => line !== '');
    const isAccess = (line: string) => line.startsWith('{');
    return {
      port,
      url: `http://127.0.0.1:${port}`,
      accessLog: async () => (await lines()).filter(isAccess).map((line) => JSON.parse(line)),
      errorLog: async () => (await lines()).filter((line) => !isAccess(line)),
      async close() {
        await process.end('SIGTERM');
        if (written && existsSync(logPath)) written(await readFile(logPath, 'utf8'));
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
