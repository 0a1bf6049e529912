import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';

/** How often an idle connection is asked whether it lives, in milliseconds. */
const PING_INTERVAL_MS = 2_000;

/**
 * Logs each change of a connection between reachable and lost, once, counts losses, and pings it so that a server that
 * hangs, or a link that swallows everything, is noticed by the client's socket timeout. Ends by itself with the client.
 */
export function watchConnection(options: {
  readonly client: Redis | Cluster;
  /** Tell it apart from others, in log lines and metrics. */
  readonly labels: { readonly name: string; readonly role: string };
  readonly logger: Logger;
  readonly metrics: Metrics;
}): void {
  const { client, labels, logger, metrics } = options;
  let known: 'unknown' | 'ready' | 'lost' | 'ended' = 'unknown';

  function lost(error?: Error): void {
    if (known === 'lost' || known === 'ended') return;
    known = 'lost';
    metrics.count('redis_connections_lost_total', labels);
    // Only code and message: the error of a refused password carries the command with it.
    logger.warn({ ...labels, ...describe(error) }, 'redis connection lost');
  }

  client.on('ready', () => {
    if (known !== 'ready') logger.info(labels, 'redis connected');
    known = 'ready';
  });
  // An `error` event that nobody hears would end the process.
  client.on('error', lost);
  client.on('close', () => lost());

  const timer = setInterval(() => {
    for (const each of connectionsOf(client)) {
      // Whether it answers shows in the connection: silence ends it, and that is logged and counted above.
      if (each.status === 'ready') each.ping().catch(() => undefined);
    }
  }, PING_INTERVAL_MS);
  timer.unref();
  client.once('end', () => {
    known = 'ended';
    clearInterval(timer);
  });
}

function connectionsOf(client: Redis | Cluster): readonly Redis[] {
  return 'nodes' in client ? client.nodes() : [client];
}

function describe(error: Error | undefined): { readonly code?: unknown; readonly message?: string } {
  if (!error) return {};
  return { ...('code' in error ? { code: error.code } : {}), message: error.message };
}
