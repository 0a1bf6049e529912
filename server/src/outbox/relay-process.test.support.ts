import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { createRedisBroker } from '../broker/redis-broker.js';
import { createCache } from '../cache/cache.js';
import { redisStore } from '../cache/redis-store.js';
import { createPublisher } from '../publisher/publisher.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import { ORDER_SIGNALS } from './order-signals.test.support.js';
import { createRelay } from './relay.js';
import type { RelayOptions } from './relay-options.js';
import { createStops, type Point } from './stops.test.support.js';

/** Where a relay works, and how. */
export interface RelayProcessOptions {
  readonly databaseUrl: string;
  /** Redis of the log. */
  readonly logUrl: string;
  readonly cacheUrl: string;
  /** Of the log's keys. */
  readonly prefix: string;
  /** Where it stands still; default: nowhere. */
  readonly stopAt?: Point;
  /** The how many-th time that it comes by, from 1; default 1. */
  readonly nth?: number;
  readonly relay?: Pick<RelayOptions, 'batchSize' | 'claimMs' | 'maxAttempts' | 'pollMs' | 'replayMs'>;
}

/** What a process holds, in bytes. */
export interface ProcessMemory {
  /** Before it had anything to do, its garbage collected. */
  readonly idleRss: number;
  /** Most since then, looked at every 20 ms. */
  readonly peakRss: number;
}

/** A process of its own, with a relay on real servers. */
export interface RelayProcess {
  /** Resolves once the relay stands still at its point. Rejects when the process ends before. */
  readonly reached: Promise<void>;
  /** Lets it go on from there. A paused one does once it is resumed. */
  goOn(): void;
  /** Waits until its relay has dealt with all that is due. */
  settled(): Promise<void>;
  memory(): Promise<ProcessMemory>;
  /** SIGSTOP: connections and claims stay, and nothing happens. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** SIGKILL: nothing is released. Idempotent. */
  kill(): Promise<void>;
}

/** What the process tells. */
type Told = 'ready' | 'reached' | 'settled' | ProcessMemory;

/** Starts one; resolves once its relay is at work. Kill it at the end. */
export async function startRelayProcess(options: RelayProcessOptions): Promise<RelayProcess> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--expose-gc', '--conditions=querycast-source', '--import', 'tsx'],
  });
  const exited = once(child, 'exit');
  const ended = exited.then(() => Promise.reject(new Error('the relay process has ended')));
  // Mostly the test's own doing.
  ended.catch(() => {});
  const told = (is: (message: Told) => boolean) => Promise.race([messageOf(child, is), ended]);
  const reached = told((message) => message === 'reached').then(() => undefined);
  // Not every test waits for the point; one that does hears of the end all the same.
  reached.catch(() => {});
  await told((message) => message === 'ready');
  return {
    reached,
    goOn: () => void child.send('go on'),
    async settled() {
      const settled = told((message) => message === 'settled');
      child.send('settle');
      await settled;
    },
    async memory() {
      const memory = told((message) => typeof message === 'object');
      child.send('memory');
      return (await memory) as ProcessMemory;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function messageOf(child: ChildProcess, is: (message: Told) => boolean): Promise<Told> {
  return new Promise((resolve) => {
    child.on('message', function listen(message: Told) {
      if (!is(message)) return;
      child.off('message', listen);
      resolve(message);
    });
  });
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  const tell = (message: Told) => process.send?.(message);
  const options: RelayProcessOptions = JSON.parse(process.argv[2] ?? '');
  process.once('disconnect', () => process.exit());
  const stops = createStops(options.stopAt, options.nth ?? 1, () => tell('reached'));
  const commands = redisCommands({ url: options.logUrl });
  const broker = createRedisBroker({
    commands,
    subscriber: redisSubscriber({ url: options.logUrl }),
    prefix: options.prefix,
  });
  const cacheClient = redisCommands({ url: options.cacheUrl });
  await Promise.all([
    once(cacheClient, 'ready'),
    new Promise<void>((resolve) => broker.onLive((live) => live && resolve())),
  ]);
  const relay = createRelay({
    ...options.relay,
    broker,
    ...stops.around({
      pool: new Pool({ connectionString: options.databaseUrl }),
      signals: ORDER_SIGNALS,
      cache: createCache({ store: redisStore(cacheClient) }),
      publisher: createPublisher({ broker }),
    }),
  });
  globalThis.gc?.();
  const idleRss = process.memoryUsage.rss();
  let peakRss = idleRss;
  const sample = () => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  };
  setInterval(sample, 20);
  process.on('message', (message) => {
    if (message === 'go on') stops.goOn();
    if (message === 'settle') void relay.settled().then(() => tell('settled'));
    if (message === 'memory') {
      sample();
      tell({ idleRss, peakRss });
    }
  });
  tell('ready');
  await relay.start();
}
