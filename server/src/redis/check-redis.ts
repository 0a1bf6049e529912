import type { Cluster, Redis } from 'ioredis';
import { parseServerInfo, type ServerInfo } from './server-info.js';

/** Why a server cannot carry the log, as a code and a sentence for the operator. */
export interface RedisFinding {
  readonly code:
    | 'version'
    | 'sentinel'
    | 'replica'
    | 'cluster'
    | 'not_cluster'
    | 'subscribers'
    | 'info_forbidden'
    | 'eviction_policy';
  readonly message: string;
}

/** What {@link checkRedis} found. */
export interface RedisCheck {
  /** Whether the server answered; an unreachable one is no reason to refuse. */
  readonly reachable: boolean;
  /** Messages would be lost or nothing would work: refuse to start. */
  readonly refusals: readonly RedisFinding[];
  /** Works, but loses the log under pressure. */
  readonly warnings: readonly RedisFinding[];
}

/** Longest wait for a server to become reachable, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 3_000;

/**
 * Checks whether a server can carry the log: version 7 or newer, a master and no Sentinel, and a cluster exactly if the client is one
 * for clusters. Waits up to `timeoutMs` (default 3,000) for it to be reachable. Never rejects.
 *
 * @example
 * const { refusals } = await checkRedis(commands);
 * if (refusals.length > 0) throw new Error(refusals.map(({ message }) => message).join('\n'));
 */
export async function checkRedis(
  client: Redis | Cluster,
  options: { readonly timeoutMs?: number } = {},
): Promise<RedisCheck> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const shape = shapeFindings(client);
  if (!(await becomesReady(client, timeoutMs))) return { reachable: false, refusals: shape, warnings: [] };
  try {
    const info = parseServerInfo(await client.info());
    const { refusals, warnings } = judgeServer(info, client.isCluster);
    return { reachable: true, refusals: [...shape, ...refusals], warnings };
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOPERM'))) {
      // Lost again before it answered, which is no reason to refuse either.
      return { reachable: false, refusals: shape, warnings: [] };
    }
    return { reachable: true, refusals: [...shape, INFO_FORBIDDEN], warnings: [] };
  }
}

/** What a server's own words mean for the log. `asCluster`: whether the client is one for clusters. */
export function judgeServer(info: ServerInfo, asCluster: boolean): Pick<RedisCheck, 'refusals' | 'warnings'> {
  const refusals: RedisFinding[] = [];
  const warnings: RedisFinding[] = [];
  if (info.majorVersion !== undefined && info.majorVersion < 7) {
    refusals.push({
      code: 'version',
      message: `Redis ${info.majorVersion} has no sharded channels: version 7 or newer, or Valkey, is needed`,
    });
  }
  if (info.mode === 'sentinel') {
    refusals.push({
      code: 'sentinel',
      message:
        'the address leads to a Sentinel, which keeps no data: name its master, or connect to it as to a Sentinel',
    });
  }
  if (!asCluster && info.role === 'slave') {
    refusals.push({ code: 'replica', message: 'the address leads to a replica: name the master, or its Sentinels' });
  }
  if (!asCluster && info.clusterEnabled === true) {
    refusals.push({ code: 'cluster', message: 'the server belongs to a cluster: connect to it as to a cluster' });
  }
  if (asCluster && info.clusterEnabled === false) {
    refusals.push({
      code: 'not_cluster',
      message: 'the server belongs to no cluster: connect to it by its own address',
    });
  }
  if (info.evictionPolicy !== undefined && info.evictionPolicy !== 'noeviction') {
    warnings.push({
      code: 'eviction_policy',
      message: `maxmemory-policy is ${info.evictionPolicy}: under pressure the log is evicted, and clients resync; use noeviction`,
    });
  }
  return { refusals, warnings };
}

const INFO_FORBIDDEN: RedisFinding = {
  code: 'info_forbidden',
  message: 'the Redis user may not run INFO, which the scripts of the log need: add +info',
};

function shapeFindings(client: Redis | Cluster): readonly RedisFinding[] {
  if (!('nodes' in client) || client.options.shardedSubscribers) return [];
  return [{ code: 'subscribers', message: 'a cluster client needs shardedSubscribers: true, or hears nothing' }];
}

async function becomesReady(client: Redis | Cluster, timeoutMs: number): Promise<boolean> {
  if (client.status === 'ready') return true;
  const { promise, resolve } = withResolvers();
  const ready = () => resolve(true);
  client.once('ready', ready);
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    client.off('ready', ready);
  }
}

function withResolvers(): { promise: Promise<boolean>; resolve: (ready: boolean) => void } {
  let resolve: (ready: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
