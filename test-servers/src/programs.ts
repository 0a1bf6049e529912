import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Path of redis-server, for setups that {@link startRedis} does not cover. Throws when nobody found one. */
export function redisServerPath(): string {
  return named('REDIS_SERVER_PATH', 'redis-server');
}

/** Path of redis-cli, which stands beside redis-server. */
export function redisCliPath(): string {
  return join(dirname(redisServerPath()), 'redis-cli');
}

/** Path of a program of PostgreSQL. Throws when nobody found one. */
export function postgresProgramPath(name: 'initdb' | 'postgres' | 'psql'): string {
  return join(named('POSTGRES_BIN_DIR', 'PostgreSQL'), name);
}

/** Path of nginx. Throws when nobody found one. */
export function nginxPath(): string {
  return named('NGINX_PATH', 'nginx');
}

/** Runs a program to its end and answers what it printed, without the last line break. Rejects with what it wrote when it failed. */
export async function printed(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  try {
    const { stdout } = await execute(command, args, { timeout: 30_000, maxBuffer: 64 * 2 ** 20, ...options });
    return stdout.replace(/\r?\n$/, '');
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const said = `${stderr}\n${stdout}`.trim() || (cause as Error).message;
    throw new Error(`${command} failed: ${said}`, { cause });
  }
}

interface RunOptions {
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const execute = promisify(execFile);

/** The configurations of vitest and Playwright look for the programs (`scripts/servers`) and set these variables. */
function named(variable: string, program: string): string {
  const path = process.env[variable];
  if (path) return path;
  throw new Error(`no ${program} was found: run "npm test", which installs it, or set ${variable}`);
}
