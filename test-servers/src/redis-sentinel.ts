import { startRedisProcess } from './redis-process.js';
import type { RedisServer } from './redis-server.js';

/** What a Sentinel watches, and when it acts. */
export interface RedisSentinelOptions {
  /** Name of the master, as clients ask for it. */
  readonly name: string;
  readonly masterPort: number;
  /** How many Sentinels have to agree. Default: 1. */
  readonly quorum?: number;
  /** Without an answer for this long the master is taken for gone. Default: 500 ms. */
  readonly downAfterMs?: number;
  /** A failover that failed is tried again after twice this. Default: 2,000 ms. */
  readonly failoverTimeoutMs?: number;
}

/** Starts a Redis Sentinel, an own program beside the servers it watches; otherwise as `startRedis`. */
export function startSentinel(options: RedisSentinelOptions): Promise<RedisServer> {
  const { name, masterPort, quorum = 1, downAfterMs = 500, failoverTimeoutMs = 2_000 } = options;
  return startRedisProcess({
    config: [
      `sentinel monitor ${name} 127.0.0.1 ${masterPort} ${quorum}`,
      `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
      `sentinel failover-timeout ${name} ${failoverTimeoutMs}`,
    ].join('\n'),
    args: ['--sentinel'],
    readyLine: /Sentinel ID is/,
  });
}
