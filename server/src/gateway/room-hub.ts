import type { Position, Room, Row } from '@querycast/protocol';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import type { Frame } from './pending-frame.js';
import { stepRoom } from './room-core.js';
import { openRoom, type RoomEffect, type RoomEvent, type RoomState, type Waiter, wakeAt } from './room-state.js';
import { type RoomSubscription, subscribeRoom } from './room-subscription.js';
import type { Timers } from './timers.js';

/** Where the rooms' output goes. */
export interface RoomListener {
  /** A frame for everyone in the room; sessions in `holding` have no row yet and must get it after their row. */
  onFrame(room: Room, frame: Frame, holding: ReadonlySet<string>): void;
  /** The row a session waits for. */
  onRow(session: string, row: Row): void;
  /** The row will be late: the broker does not answer. */
  onDelayed(session: string, room: Room): void;
}

/** The rooms this node has open: runs the room core against the broker. */
export interface RoomHub {
  /** Opens the room if need be and reads its row for the session, whose frames are held until `release`. */
  join(session: string, room: Room, since?: Position): void;
  /** The session sent its row: it takes frames like everyone else from now on. */
  release(session: string, room: Room): void;
  /** Leaves the room; the last one out closes it. */
  leave(session: string, room: Room): void;
  /** Open rooms. */
  size(): number;
  /** Closes every room. */
  close(): Promise<void>;
}

interface OpenRoom {
  state: RoomState;
  readonly subscription: RoomSubscription;
  readonly members: Set<string>;
  readonly holding: Set<string>;
  cancelWake: () => void;
}

/** What a hub needs. */
export interface RoomHubOptions {
  broker: Broker;
  listener: RoomListener;
  timers: Timers;
  logger: Logger;
  metrics: Metrics;
  exposeReason: boolean;
}

/** Creates the hub; it listens to the broker until closed. */
export function createRoomHub(options: RoomHubOptions): RoomHub {
  const { broker, listener, timers, logger, metrics } = options;
  const rooms = new Map<Room, OpenRoom>();
  /** Subscriptions being ended, so that a room reopened meanwhile waits for the old one to be gone. */
  const ending = new Map<Room, Promise<void>>();

  function step(open: OpenRoom, event: RoomEvent): void {
    const [state, effects] = stepRoom(open.state, event, timers.now());
    open.state = state;
    for (const effect of effects) execute(open, effect);
    // Effects may have stepped the room further: the wake-up follows the newest state.
    arm(open);
  }

  function arm(open: OpenRoom): void {
    open.cancelWake();
    const at = wakeAt(open.state);
    open.cancelWake = at === undefined ? () => {} : timers.after(at - timers.now(), () => step(open, { type: 'wake' }));
  }

  function execute(open: OpenRoom, effect: RoomEffect): void {
    const { room } = open.state;
    switch (effect.type) {
      case 'subscribe':
        settle(
          open,
          open.subscription.start(),
          () => ({ type: 'subscribed' }),
          () => ({ type: 'subscribe_failed' }),
        );
        break;
      case 'read_row':
        readRow(open, effect.waiter);
        break;
      case 'read_repair':
        settle(
          open,
          broker.read(room, effect.since),
          (read) => ({ type: 'repair_read', read, at: timers.wallClock() }),
          () => ({ type: 'repair_failed' }),
        );
        break;
      case 'row':
        if (!open.members.has(effect.session)) break;
        metrics.count('joins_total', { status: effect.row.status });
        listener.onRow(effect.session, effect.row);
        break;
      case 'delayed':
        if (open.members.has(effect.session)) listener.onDelayed(effect.session, room);
        break;
      case 'emit':
        metrics.count('frames_sent_total', { event: effect.frame.event });
        if (effect.merged > 0) metrics.count('frames_merged_total', {}, effect.merged);
        listener.onFrame(room, effect.frame, open.holding);
        break;
      case 'repaired':
        metrics.count('log_repairs_total', { result: effect.result });
        logger.info({ room, result: effect.result }, 'room repaired from the log');
        break;
    }
  }

  function readRow(open: OpenRoom, waiter: Waiter): void {
    settle(
      open,
      broker.read(open.state.room, waiter.since),
      (read) => ({ type: 'row_read', waiter, read }),
      () => ({ type: 'row_read_failed', waiter, left: !open.members.has(waiter.session) }),
    );
  }

  function settle<T>(open: OpenRoom, work: Promise<T>, done: (value: T) => RoomEvent, failed: () => RoomEvent): void {
    const isOpen = () => rooms.get(open.state.room) === open;
    work.then(
      (value) => {
        if (isOpen()) step(open, done(value));
      },
      (error: unknown) => {
        if (!isOpen()) return;
        const unavailable = error instanceof BrokerUnavailableError;
        logger.warn({ room: open.state.room, ...(unavailable ? {} : { err: error }) }, 'broker did not answer');
        step(open, failed());
      },
    );
  }

  function openNow(room: Room): OpenRoom {
    const [state, effects] = openRoom(room, options.exposeReason);
    const open: OpenRoom = {
      state,
      members: new Set(),
      holding: new Set(),
      cancelWake: () => {},
      subscription: subscribeRoom(broker, room, ending.get(room), (envelope) => {
        metrics.count('envelopes_received_total');
        step(open, { type: 'envelope', envelope });
      }),
    };
    rooms.set(room, open);
    metrics.gauge('rooms', rooms.size);
    for (const effect of effects) execute(open, effect);
    return open;
  }

  function closeRoom(room: Room, open: OpenRoom): Promise<void> {
    rooms.delete(room);
    metrics.gauge('rooms', rooms.size);
    open.cancelWake();
    const ended = open.subscription.end().finally(() => {
      if (ending.get(room) === ended) ending.delete(room);
    });
    ending.set(room, ended);
    return ended;
  }

  const stopListening = broker.onLive((live) => {
    if (live) for (const open of rooms.values()) step(open, { type: 'broker_back' });
  });

  return {
    join(session, room, since) {
      const open = rooms.get(room) ?? openNow(room);
      open.members.add(session);
      open.holding.add(session);
      step(open, { type: 'join', waiter: { session, ...(since === undefined ? {} : { since }) } });
    },
    release(session, room) {
      rooms.get(room)?.holding.delete(session);
    },
    leave(session, room) {
      const open = rooms.get(room);
      if (!open?.members.delete(session)) return;
      open.holding.delete(session);
      if (open.members.size === 0) void closeRoom(room, open);
      else step(open, { type: 'leave', session });
    },
    size: () => rooms.size,
    async close() {
      stopListening();
      await Promise.all([...rooms].map(([room, open]) => closeRoom(room, open)));
      await Promise.all(ending.values());
    },
  };
}
