import { z } from 'zod';
import { ACK_CODES, EVICTED_CODES, RESYNC_REASONS } from './codes.js';
import {
  MAX_ID_LENGTH,
  MAX_KEYS_PER_INVALIDATION,
  MAX_LOG_ENTRIES,
  MAX_REASON_LENGTH,
  MAX_ROOMS_PER_PUBLISH,
  MAX_SERVER_FRAME_KEYS,
  MAX_SPREAD_MS,
} from './limits.js';
import { isPosition, type Position } from './position.js';
import type { Positions } from './position-header.js';
import { type QueryKey, queryKeyProblem } from './query-key.js';
import { isReason } from './reason.js';
import { isRoom, type Room, roomProblem } from './room.js';

/** A custom schema whose issue is the broken rule itself. */
function checked<T>(problemOf: (value: unknown) => string | undefined) {
  return z.custom<T>().superRefine((value, context) => {
    const problem = problemOf(value);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
}

function wellFormed(positions: Readonly<Record<string, unknown>>): Positions {
  const result: Record<Room, Position> = {};
  for (const [room, position] of Object.entries(positions)) {
    if (isRoom(room) && isPosition(position)) result[room] = position;
  }
  return result;
}

/** A room, `<kind>:<id>`. */
export const roomSchema = checked<Room>(roomProblem);

/** A query key within the limits of the protocol. */
export const queryKeySchema = checked<QueryKey>(queryKeyProblem);

/** A position, `<epoch>:<offset>`. */
export const positionSchema = z.custom<Position>(isPosition, 'a position must look like "<epoch>:<offset>"');

const reasonSchema = z.custom<string>(isReason, `a reason is 1..${MAX_REASON_LENGTH} of a-z 0-9 . _ -`);

/** Of whole characters: in Redis any half of a pair becomes the same one, and the second change would seem appended. */
const idSchema = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  .refine((id) => !/\p{Surrogate}/u.test(id), 'an id must not hold half of a surrogate pair');
const spreadSchema = z.number().int().min(0).max(MAX_SPREAD_MS);
const timeSchema = z.number().int().min(0);
const keysSchema = z.array(queryKeySchema).min(1).max(MAX_KEYS_PER_INVALIDATION);

/** What a backend publishes: these query keys are stale for these rooms. */
export const invalidationSchema = z.strictObject({
  rooms: z.array(roomSchema).min(1).max(MAX_ROOMS_PER_PUBLISH),
  keys: keysSchema,
  /** Names the reason for people who debug; shown to clients only when the gateway is told to. */
  reason: reasonSchema.optional(),
  /** Unique per change: the first append of each room wins, a repetition changes nothing for ten minutes. */
  id: idSchema.optional(),
  /** Clients fetch after a random part of this many milliseconds. */
  spreadMs: spreadSchema.optional(),
});

/** What a broker carries for one room: one invalidation with its place in the sequence. */
export const envelopeSchema = z.strictObject({
  room: roomSchema,
  /** The position before this one. */
  prev: positionSchema,
  position: positionSchema,
  keys: keysSchema,
  /** Milliseconds since 1970 by the clock of the broker. */
  at: timeSchema,
  id: idSchema.optional(),
  reason: reasonSchema.optional(),
  spreadMs: spreadSchema.optional(),
});

/** How a room's log answered a client's position. */
export const rowStatusSchema = z.enum(['recovered', 'resync', 'fresh']);

/** The state of one room at the moment a socket joins it. */
export const rowSchema = z.object({
  room: roomSchema,
  position: positionSchema,
  status: rowStatusSchema,
  /** Exactly the keys invalidated since the client's position when `recovered`, else empty. */
  keys: z.array(queryKeySchema).max(MAX_LOG_ENTRIES),
});

/** First message after connecting. */
export const readySchema = z.object({
  protocol: z.number().int(),
  session: z.string().min(1),
  node: z.string().min(1),
  /** Whether this node hears the broker. */
  live: z.boolean(),
  heartbeatMs: z.number().int().positive(),
  rooms: z.array(rowSchema),
});

/** A frame: keys of one room went stale between `prev` and `position`. */
export const invalidateSchema = z.object({
  room: roomSchema,
  prev: positionSchema,
  position: positionSchema,
  keys: z.array(queryKeySchema).min(1).max(MAX_SERVER_FRAME_KEYS),
  at: timeSchema,
  reason: reasonSchema.optional(),
  spreadMs: spreadSchema.optional(),
});

/** Continuity is not proven: every live query of the room counts as stale. */
export const resyncSchema = z.object({
  room: roomSchema,
  position: positionSchema,
  reason: z.enum(RESYNC_REASONS),
  spreadMs: spreadSchema.optional(),
});

/** The node lost or regained its broker. */
export const statusSchema = z.object({ live: z.boolean(), reason: z.string().max(MAX_REASON_LENGTH).optional() });

/** Rooms joined after `ready`. */
export const joinedSchema = z.object({ rooms: z.array(rowSchema) });

/** A room left because rights changed. */
export const leftSchema = z.object({ room: roomSchema, code: z.string().max(MAX_REASON_LENGTH) });

/** The session is over for good. */
export const evictedSchema = z.object({ code: z.enum(EVICTED_CODES) });

/** The node goes away: reconnect at a random moment inside the window. */
export const drainSchema = z.object({ withinMs: z.number().int().min(0) });

/** The token is about to expire. */
export const expiringSchema = z.object({ inMs: z.number().int().min(0) });

/** What a client sends in the Socket.IO handshake. */
export const handshakeSchema = z.object({
  token: z.string().min(1),
  protocol: z.number().int(),
  /**
   * Resume positions by room. Malformed ones count as not sent, which is always safe: junk in a client's storage must
   * not lock it out.
   */
  positions: z.record(z.string(), z.unknown()).transform(wellFormed).optional(),
  client: z.string().min(1).max(64).optional(),
});

/** Request to join, or to recover, one room. */
export const subscribeSchema = z.strictObject({ room: roomSchema, position: positionSchema.optional() });

/** Request to leave one extra room. */
export const unsubscribeSchema = z.strictObject({ room: roomSchema });

const TOKEN_RULE = 'a token is a non-empty string';

/** Request to go on with a newer token. Its size is bounded by that of a client's frame. */
export const renewSchema = z.strictObject({ token: z.string(TOKEN_RULE).min(1, TOKEN_RULE) });

/** Negative acknowledgement of any client message. */
export const refusalSchema = z.object({ ok: z.literal(false), code: z.enum(ACK_CODES), message: z.string() });

/** Acknowledgement of `subscribe`: the row of the room, or why not. */
export const subscribeAckSchema = z.discriminatedUnion('ok', [
  rowSchema.extend({ ok: z.literal(true) }),
  refusalSchema,
]);

/** Acknowledgement of a message that answers nothing but success. */
export const plainAckSchema = z.discriminatedUnion('ok', [z.object({ ok: z.literal(true) }), refusalSchema]);

/** `connect_error.data`. The code is open: a client of this version treats one it does not know as terminal. */
export const connectRefusalSchema = z.object({
  code: z.string().min(1),
  message: z.string(),
  retryAfterMs: z.number().int().min(0).optional(),
});
