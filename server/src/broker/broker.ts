import type { Envelope, Position, QueryKey, Room, RowStatus } from '@querycast/protocol';

/** One room's share of an invalidation, already validated by whoever calls. */
export interface Append {
  readonly room: Room;
  readonly keys: readonly QueryKey[];
  /** Unique per change; the first append of an id wins, for ten minutes per room. */
  readonly id?: string;
  readonly reason?: string;
  readonly spreadMs?: number;
}

/** What an append did. */
export interface Appended {
  /** The position of this invalidation, or the room's position when its `id` was appended before. */
  readonly position: Position;
  /**
   * Names the life of the server that holds the room's log. When it changes, writes acknowledged under the old one may
   * be gone: whoever keeps a durable record publishes it again.
   */
  readonly incarnation: string;
}

/** A room's log as seen from a position. */
export interface LogRead {
  /** The newest position; a room always has one. */
  readonly position: Position;
  readonly status: RowStatus;
  /** Why continuity is not proven, when `status` is `resync`: another epoch, below the floor, or beyond the head. */
  readonly cause?: 'epoch' | 'floor';
  /** Exactly the keys invalidated after the given position when `recovered`, else empty. Not reduced by prefix. */
  readonly keys: readonly QueryKey[];
  readonly incarnation: string;
}

/** Ends a subscription; safe to call twice. Rejects never: a broker that is away forgets the room by itself. */
export type Unsubscribe = () => Promise<void>;

/**
 * Appends invalidations to the logs of rooms and carries them between processes.
 *
 * Delivery: an envelope reaches every subscriber of its room at most once and in the order of the log while the broker
 * is live; it may be lost when it is not, and the log is what recovers it. Callers validate; brokers trust. Every promise
 * settles within seconds: sessions wait for it.
 */
export interface Broker {
  /** Appends to one room's log, atomically, then carries the envelope. Rejects with {@link BrokerUnavailableError}. */
  append(append: Append): Promise<Appended>;
  /** Reads one room's log, creating its head when missing. Rejects with {@link BrokerUnavailableError}. */
  read(room: Room, since?: Position): Promise<LogRead>;
  /**
   * Calls `deliver` for every envelope of the room from the moment the promise resolves. Rejects with
   * {@link BrokerUnavailableError}. One subscription per room and broker: the gateway fans out.
   */
  subscribe(room: Room, deliver: (envelope: Envelope) => void): Promise<Unsubscribe>;
  /**
   * Tells whether the broker is reachable: at once with the present state, then at each change. After `true`, every
   * subscription stands again and every open room must be read once. `incarnation` comes with `true` where the broker
   * knows it: another one than before means that acknowledged writes may be gone. Where rooms live on several servers
   * it names them all, and is comparable only with itself. Returns its unsubscribe.
   */
  onLive(listen: (live: boolean, incarnation?: string) => void): () => void;
  /** Ends all subscriptions and connections. Idempotent. */
  close(): Promise<void>;
}

/** The broker did not answer; nothing is known about whether it acted. Send again, with the same `id`. */
export class BrokerUnavailableError extends Error {
  readonly code = 'broker_unavailable';

  constructor(options?: ErrorOptions) {
    super('the broker did not answer: send again with the same id', options);
    this.name = 'BrokerUnavailableError';
  }
}
