import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnvironment } from '../process/clean-environment.mjs';
import { runUninterrupted } from '../process/run.mjs';

/** Installing and building; for what hangs. */
const TIMEOUT_MS = 240_000;

const environment = () => ({ ...cleanEnvironment(), npm_config_yes: 'true', npm_config_ignore_scripts: 'true' });

/** Runs a script as typed into a fresh shell and answers what it wrote. Throws, with that, when a command of it fails. */
export async function runShell(script: string, cwd: string): Promise<string> {
  const result = await runUninterrupted('/bin/sh', ['-euc', script], {
    cwd,
    env: environment(),
    quiet: true,
    timeoutMs: TIMEOUT_MS,
  });
  if (result.code !== 0 || result.timedOut) throw new Error(`${script}\nended with ${result.code}:\n${result.output}`);
  return result.output;
}

/** A command that goes on running. */
export interface RunningShell {
  /** What it has written so far, to show when it does not do what it should. */
  readonly output: () => string;
  /** Ends it with all that it started; idempotent. */
  close(): Promise<void>;
}

/** Starts a script that does not end by itself, such as a server. */
export function startShell(script: string, cwd: string, env: Record<string, string> = {}): RunningShell {
  const child = spawn('/bin/sh', ['-euc', script], {
    cwd,
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what npm and the shell start in between does not pass signals on.
    detached: true,
  });
  const ended = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return {
    output: () => output,
    close: async () => {
      killGroup(child);
      await ended;
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already: nothing is left to stop.
  }
}
