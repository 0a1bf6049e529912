import type { z } from 'zod';
import type * as schemas from './schemas.js';

/** What a backend publishes: `{ rooms, keys, reason?, id?, spreadMs? }`. */
export type Invalidation = z.infer<typeof schemas.invalidationSchema>;
/** What a broker carries for one room: `{ room, prev, position, keys, at, id?, reason?, spreadMs? }`. */
export type Envelope = z.infer<typeof schemas.envelopeSchema>;
/** `recovered`, `resync` or `fresh`. */
export type RowStatus = z.infer<typeof schemas.rowStatusSchema>;
/** The state of one room at the moment a socket joins it. */
export type Row = z.infer<typeof schemas.rowSchema>;
/** First message after connecting. */
export type Ready = z.infer<typeof schemas.readySchema>;
/** Keys of one room went stale between `prev` and `position`. */
export type Invalidate = z.infer<typeof schemas.invalidateSchema>;
/** Continuity is not proven for one room. */
export type Resync = z.infer<typeof schemas.resyncSchema>;
/** The node lost or regained its broker. */
export type Status = z.infer<typeof schemas.statusSchema>;
/** Rooms joined after `ready`. */
export type Joined = z.infer<typeof schemas.joinedSchema>;
/** A room left because rights changed. */
export type Left = z.infer<typeof schemas.leftSchema>;
/** The session is over for good. */
export type Evicted = z.infer<typeof schemas.evictedSchema>;
/** The node goes away. */
export type Drain = z.infer<typeof schemas.drainSchema>;
/** The token is about to expire. */
export type Expiring = z.infer<typeof schemas.expiringSchema>;
/** What a client sends in the Socket.IO handshake. */
export type Handshake = z.infer<typeof schemas.handshakeSchema>;
/** Request to join, or to recover, one room. */
export type Subscribe = z.infer<typeof schemas.subscribeSchema>;
/** Request to leave one extra room. */
export type Unsubscribe = z.infer<typeof schemas.unsubscribeSchema>;
/** Request to go on with a newer token. */
export type Renew = z.infer<typeof schemas.renewSchema>;
/** Negative acknowledgement. */
export type Refusal = z.infer<typeof schemas.refusalSchema>;
/** Acknowledgement of `subscribe`: the row of the room, or why not. */
export type SubscribeAck = z.infer<typeof schemas.subscribeAckSchema>;
/** Acknowledgement of a message that answers nothing but success. */
export type PlainAck = z.infer<typeof schemas.plainAckSchema>;
/** `connect_error.data`: why the gateway refused a connection; a gateway of this version sends a `ConnectCode`. */
export type ConnectRefusal = z.infer<typeof schemas.connectRefusalSchema>;
