import type { PostgresServer, RedisServer } from '@querycast/test-servers';
import type { PlatformProcess } from './platform-process.js';

/** A whole platform. */
export interface Stack {
  /** Where browsers go: `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** The processes that serve it: one when embedded, two behind nginx when distributed. */
  readonly nodes: readonly PlatformProcess[];
  /** What they run on, when distributed. */
  readonly servers?: Servers;
  /** Everything all nodes wrote. */
  log(): string;
  /** Ends everything and removes what it left. Idempotent. */
  close(): Promise<void>;
}

/** The servers behind a distributed platform. */
export interface Servers {
  /** Holds the logs of rooms. */
  readonly redis: RedisServer;
  readonly cacheRedis: RedisServer;
  readonly postgres: PostgresServer;
  /** The platform's database in it. */
  readonly database: string;
}

/** Makes stacks that do not know of each other. */
export interface StackFactory {
  start(): Promise<Stack>;
  close(): Promise<void>;
}

/** The node of an embedded stack. */
export function onlyNode({ nodes }: Stack): PlatformProcess {
  const [node] = nodes;
  if (!node || nodes.length > 1) throw new Error('this needs a stack of one node');
  return node;
}

/** The two nodes of a distributed stack. */
export function twoNodes({ nodes }: Stack): readonly [PlatformProcess, PlatformProcess] {
  const [one, two] = nodes;
  if (!one || !two) throw new Error('this needs a stack of two nodes');
  return [one, two];
}
