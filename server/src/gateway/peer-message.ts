import { z } from 'zod';
import { MAX_JOURNAL_ENTRIES } from './eviction-journal.js';

/** Largest message between nodes, in bytes: a whole journal, each entry with the longest name there is. */
const MAX_PEER_MESSAGE_BYTES = MAX_JOURNAL_ENTRIES * 1_200;

/** Numbers of the adapter's own protocol: a question to every node, and one node's answer to it. */
const QUESTION = 9;
const ANSWER = 10;

const sender = { uid: z.string().min(1).max(64), nsp: z.literal('/') };
const requestId = z.string().min(1).max(64);

/**
 * What gateways say to each other. The adapter would take more, such as frames for clients, calls for sessions, or orders
 * to move sockets, which nobody here sends: whoever can publish to Redis must not be able to either.
 */
const peerMessageSchema = z.discriminatedUnion('type', [
  z.object({
    ...sender,
    type: z.literal(QUESTION),
    data: z.object({ requestId, packet: z.tuple([z.enum(['evict', 'exchange', 'recheck']), z.unknown()]) }),
  }),
  z.object({
    ...sender,
    type: z.literal(ANSWER),
    data: z.object({ requestId, packet: z.union([z.literal(true), z.array(z.unknown())]) }),
  }),
]);

/** The rule that a message of another process breaks; `undefined` for a good one. */
export function readPeerMessage(message: Buffer): string | undefined {
  if (message.byteLength > MAX_PEER_MESSAGE_BYTES) return `more than ${MAX_PEER_MESSAGE_BYTES} bytes`;
  let value: unknown;
  try {
    value = JSON.parse(message.toString());
  } catch {
    // The parser's own words may quote the message.
    return 'not JSON';
  }
  return peerMessageSchema.safeParse(value).success ? undefined : 'neither a question nor an answer of a gateway';
}
