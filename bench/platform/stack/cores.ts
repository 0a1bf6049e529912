import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Which cores do what: the platform has one of its own, everything else shares the others. */
export interface Cores {
  readonly platform: number;
  readonly others: readonly number[];
}

/**
 * Keeps this process, and whatever it starts from now on, off the core of the platform. `undefined` where cores cannot be
 * chosen or there is only one: then figures depend on how the system shares them out.
 */
export function reserveCore(): Cores | undefined {
  const [platform, ...others] = allowedCores();
  if (platform === undefined || others.length === 0) return undefined;
  const { status } = spawnSync('taskset', ['-a', '-c', '-p', others.join(','), String(process.pid)]);
  return status === 0 ? { platform, others } : undefined;
}

/** The command that runs a program on one core. */
export function onCore(core: number, command: readonly string[]): [string, ...string[]] {
  return ['taskset', '-c', String(core), ...command];
}

/** As Linux writes them down: `0-3,6`. */
function allowedCores(): number[] {
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch {
    // Not Linux: there is no taskset either.
    return [];
  }
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
