import { createShardedAdapter } from '@socket.io/redis-adapter';
import type { SocketAdapter } from './backends.js';
import type { RedisClient } from './check-servers.js';

/** Away from the gateway's channels, under the prefix that access rules are about, and in one slot of a Cluster. */
const CHANNEL_PREFIX = 'qc:demo:{comparison}';

/**
 * The adapter that most teams give their sockets, as its documentation says. Whoever emits through it while Redis is away
 * reaches this node only.
 */
export function comparisonAdapter(commands: RedisClient, subscriber: RedisClient): SocketAdapter {
  return createShardedAdapter(commands, subscriber, { channelPrefix: CHANNEL_PREFIX, subscriptionMode: 'static' });
}
