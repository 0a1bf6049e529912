import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fchownSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { guard } from './guard.js';

/** Twice the slowest start seen on two busy cores; one that needs longer hangs. */
const START_WITHIN_MS = 30_000;
/** An end that takes longer hangs. */
const END_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 10;

/** What to start, and how to tell that it answers. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Removed when this process ends without having done it. */
  readonly folder: string;
  /** Gets what the program writes. */
  readonly logPath: string;
  /** Looks at what the program has written since this start, or elsewhere. */
  readonly isReady: (log: string) => boolean;
  /** Sent when this process ends without having ended the program. Default: SIGKILL. */
  readonly lastSignal?: NodeJS.Signals;
  /** Whom it runs as. Default: the present user. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A running program. */
export interface ServerProcess {
  readonly running: boolean;
  /** Sends a signal, if it still runs. */
  signal(name: NodeJS.Signals): void;
  /** Sends a signal and waits for the end; rejects with what the program wrote when it does not end. */
  end(name: NodeJS.Signals): Promise<void>;
}

/** The program ended, or hung, before it answered; the message holds what it wrote. */
export class ServerStartError extends Error {
  readonly code = 'server_start_failed';
  readonly log: string;

  constructor(what: string, log: string) {
    super(`${what}\n${log.slice(-2_000)}`);
    this.name = 'ServerStartError';
    this.log = log;
  }

  /** Another program has the port: another one may be free. */
  get addressInUse(): boolean {
    return /address already in use/i.test(this.log);
  }
}

/** Starts a program and resolves once it answers. Rejects with a {@link ServerStartError}. */
export async function startProcess(options: ServerCommand): Promise<ServerProcess> {
  const log = logFrom(options.logPath);
  const child = launch(options);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const running = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const release = guard({ pid: child.pid, signal: options.lastSignal ?? 'SIGKILL', folder: options.folder });
  void ended.then(release);

  const server: ServerProcess = {
    get running() {
      return running();
    },
    signal(name) {
      if (running()) child.kill(name);
    },
    async end(name) {
      if (!running()) return;
      child.ref();
      child.kill(name);
      // A paused program would get the other signal only after this one.
      child.kill('SIGCONT');
      if (await settles(ended, END_WITHIN_MS)) return;
      child.kill('SIGKILL');
      throw new Error(`${options.command} did not end after ${name}\n${log().slice(-2_000)}`);
    },
  };

  const deadline = performance.now() + START_WITHIN_MS;
  while (!options.isReady(log())) {
    if (!running()) throw new ServerStartError(`${options.command} ended at once`, log());
    if (performance.now() > deadline) {
      await server.end('SIGKILL');
      throw new ServerStartError(`${options.command} did not answer`, log());
    }
    await settles(ended, LOOK_EVERY_MS);
  }
  return server;
}

function launch({ command, args, folder, logPath, account }: ServerCommand): ChildProcess {
  const output = openSync(logPath, 'a');
  // nginx opens it again, by the name of its own output.
  if (account) fchownSync(output, account.uid, account.gid);
  const child = spawn(command, args, {
    cwd: folder,
    // Messages are searched for words.
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', output, output],
    // Node drops the groups of root with it.
    ...account,
  });
  closeSync(output);
  // A server that nobody ended must not keep a finished test run alive; the guard ends it.
  child.unref();
  return child;
}

/** What has been written since now. */
function logFrom(path: string): () => string {
  const start = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return () => readFileSync(path).subarray(start).toString();
}

async function settles(promise: Promise<void>, withinMs: number): Promise<boolean> {
  const enough = new AbortController();
  const late = delay(withinMs, false, { signal: enough.signal }).catch(() => false);
  const settled = await Promise.race([promise.then(() => true), late]);
  enough.abort();
  return settled;
}
