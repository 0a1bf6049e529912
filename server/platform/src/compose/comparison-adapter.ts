import { type RedisAdapterOptions, redisAdapter } from '@querycast/server/redis';
import { z } from 'zod';
import type { SocketAdapter } from './backends.js';

/** Away from the gateway's channels, and under the prefix that access rules are about. */
const PREFIX = 'qc:demo:';

/** Numbers of Socket.IO's own protocols: a message to the sockets of other nodes, and an event in it. */
const BROADCAST = 3;
const EVENT = 2;

/** Strict, because the adapter would follow every further word, such as one that asks it for answers. */
const comparisonMessage = z.strictObject({
  uid: z.string(),
  nsp: z.literal('/'),
  type: z.literal(BROADCAST),
  data: z.strictObject({
    packet: z.strictObject({ type: z.literal(EVENT), data: z.tuple([z.literal('subject-changed')]) }),
    opts: z.strictObject({ rooms: z.array(z.string()), except: z.tuple([]), flags: z.strictObject({}) }),
  }),
});

/**
 * Connects the comparison's sockets on all nodes. Whoever emits through it while Redis is away reaches this node only.
 * What the comparison itself never says is refused: as a message of another process it would end this one.
 */
export function comparisonAdapter(options: Omit<RedisAdapterOptions, 'prefix' | 'readMessage'>): SocketAdapter {
  return redisAdapter({ ...options, prefix: PREFIX, readMessage });
}

function readMessage(message: Buffer): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(message.toString());
  } catch {
    // The parser's own words may quote the message.
    return 'not JSON';
  }
  return comparisonMessage.safeParse(value).success ? undefined : 'not what the comparison says';
}
