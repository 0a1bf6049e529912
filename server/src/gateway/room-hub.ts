import type { Position, Room, Row } from '@querycast/protocol';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { createComeback } from './comeback.js';
import type { Frame } from './pending-frame.js';
import { createRareLine } from './rare-line.js';
import { stepRoom } from './room-core.js';
import {
  openRoom,
  type RoomEffect,
  type RoomEvent,
  type RoomSettings,
  type RoomState,
  type Waiter,
  wakeAt,
} from './room-state.js';
import { type RoomSubscription, subscribeRoom } from './room-subscription.js';
import { isComparable } from './room-sweep.js';
import { createSweep } from './sweep.js';
import type { Timers } from './timers.js';

/** Where the rooms' output goes. */
export interface RoomListener {
  /** A frame for everyone in the room; of those in `holding` each takes it when its time has come. */
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
  /** The session does not take frames like everyone else until `release`, but is named as holding with each of them. */
  hold(session: string, room: Room): void;
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
  /** Sessions in the room, each with the number of its latest join. */
  readonly members: Map<string, number>;
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
  settings: RoomSettings;
  /** How often every open room is compared with the log, in milliseconds; default 30,000, `Infinity`: never. */
  sweepIntervalMs?: number;
}

const DEFAULT_SWEEP_INTERVAL_MS = 30_000;

/** Longest that closing waits for a broker that does not answer, in milliseconds: whose it is closes it next. */
const CLOSE_WITHIN_MS = 1_000;

/** Creates the hub; it listens to the broker until closed. */
export function createRoomHub(options: RoomHubOptions): RoomHub {
  const { broker, listener, timers, logger, metrics, sweepIntervalMs = DEFAULT_SWEEP_INTERVAL_MS } = options;
  const rooms = new Map<Room, OpenRoom>();
  /** Subscriptions being ended, so that a room reopened meanwhile waits for the old one to be gone. */
  const ending = new Map<Room, Promise<void>>();
  let lastJoin = 0;
  let isLive = false;
  const tellUnanswered = createRareLine({ message: 'broker did not answer', counted: 'unanswered', timers, logger });
  const tellBehind = createRareLine({ message: 'room was behind its log', counted: 'rooms', timers, logger });
  const sweep = createSweep<OpenRoom>({ visit: compare, intervalMs: sweepIntervalMs, timers });
  const comeback = createComeback<OpenRoom>({
    tell: (open) => step(open, { type: 'broker_back' }),
    timers,
    logger,
  });

  function step(open: OpenRoom, event: RoomEvent): void {
    const [state, effects] = stepRoom(open.state, event, timers.now());
    open.state = state;
    for (const effect of effects) execute(open, effect);
    // Effects may have stepped the room further: the wake-up follows the newest state.
    arm(open);
    comeback.stepped(open, open.state.repair === 'none');
  }

  function arm(open: OpenRoom): void {
    open.cancelWake();
    if (!isOpen(open)) return;
    const at = wakeAt(open.state);
    open.cancelWake = at === undefined ? () => {} : timers.after(at - timers.now(), () => step(open, { type: 'wake' }));
  }

  function execute(open: OpenRoom, effect: RoomEffect): void {
    const { room } = open.state;
    switch (effect.type) {
      case 'subscribe':
        awaitSubscription(open, open.subscription.start());
        break;
      case 'resubscribe':
        awaitSubscription(open, open.subscription.renew());
        break;
      case 'read_row':
        readRow(open, effect);
        break;
      case 'read_repair':
        settle(
          open,
          broker.read(room, effect.since),
          (read) => ({
            type: 'repair_read',
            read,
            at: timers.wallClock(),
            isEverywhere: !isLive || comeback.isDue(open),
          }),
          () => ({ type: 'repair_failed' }),
        );
        break;
      case 'row':
        if (!isWaiting(open, effect.waiter)) break;
        metrics.count('joins_total', { status: effect.row.status });
        listener.onRow(effect.waiter.session, effect.row);
        break;
      case 'delayed':
        if (isWaiting(open, effect.waiter)) listener.onDelayed(effect.waiter.session, room);
        break;
      case 'emit':
        metrics.count('frames_sent_total', { event: effect.frame.event });
        if (effect.merged > 0) metrics.count('frames_merged_total', {}, effect.merged);
        listener.onFrame(room, effect.frame, open.holding);
        break;
      case 'repaired':
        metrics.count('log_repairs_total', { result: effect.result });
        comeback.repaired(effect.result);
        logger.debug({ room, result: effect.result }, 'room repaired from the log');
        break;
      case 'swept':
        metrics.count('room_sweeps_total', { result: effect.result });
        if (effect.result !== 'same') tellBehind({ room, result: effect.result });
        break;
    }
  }

  function awaitSubscription(open: OpenRoom, work: Promise<void>): void {
    settle(
      open,
      work,
      () => ({ type: 'subscribed' }),
      () => ({ type: 'subscribe_failed' }),
    );
  }

  function readRow(open: OpenRoom, { since, waiters }: Extract<RoomEffect, { type: 'read_row' }>): void {
    settle(
      open,
      broker.read(open.state.room, since),
      (read) => ({ type: 'row_read', waiters, read }),
      () => ({ type: 'row_read_failed', waiters: waiters.filter((waiter) => isWaiting(open, waiter)) }),
    );
  }

  /** Asks the log how far it is. Frames of the room go on meanwhile. */
  async function compare(open: OpenRoom): Promise<void> {
    const { room, head } = open.state;
    if (!isLive || head === undefined || !isComparable(open.state)) return;
    await broker.read(room, head).then(
      ({ position }) => {
        if (isOpen(open)) step(open, { type: 'swept', position });
      },
      (error: unknown) => {
        metrics.count('room_sweeps_total', { result: 'failed' });
        complain(room, error);
      },
    );
  }

  function settle<T>(open: OpenRoom, work: Promise<T>, done: (value: T) => RoomEvent, failed: () => RoomEvent): void {
    work.then(
      (value) => {
        if (isOpen(open)) step(open, done(value));
      },
      (error: unknown) => {
        if (!isOpen(open)) return;
        complain(open.state.room, error);
        step(open, failed());
      },
    );
  }

  /** One line stands for many rooms; while the broker is known to be away, the one that said so stands for all. */
  function complain(room: Room, error: unknown): void {
    const isUnavailable = error instanceof BrokerUnavailableError;
    if (!isUnavailable) tellUnanswered({ room, err: error }, 'always');
    else tellUnanswered({ room }, isLive ? 'sometimes' : 'never');
  }

  function isOpen(open: OpenRoom): boolean {
    return rooms.get(open.state.room) === open;
  }

  /** Whether the session still waits for this very join: it may have left, or joined anew from elsewhere. */
  function isWaiting(open: OpenRoom, { session, join }: Waiter): boolean {
    return open.members.get(session) === join;
  }

  function openNow(room: Room): OpenRoom {
    const [state, effects] = openRoom(room, options.settings);
    const open: OpenRoom = {
      state,
      members: new Map(),
      holding: new Set(),
      cancelWake: () => {},
      subscription: subscribeRoom(broker, room, ending.get(room), (envelope) => {
        metrics.count('envelopes_received_total');
        step(open, { type: 'envelope', envelope });
      }),
    };
    rooms.set(room, open);
    sweep.add(open);
    metrics.gauge('rooms', rooms.size);
    for (const effect of effects) execute(open, effect);
    return open;
  }

  async function endSubscription(open: OpenRoom): Promise<void> {
    try {
      await open.subscription.end();
    } catch (error) {
      // The port promises not to reject. The room is closed here either way; at worst the broker goes on sending.
      metrics.count('broker_unsubscribe_errors_total');
      logger.error({ room: open.state.room, err: error }, 'room could not be unsubscribed');
    }
  }

  function closeRoom(room: Room, open: OpenRoom): Promise<void> {
    rooms.delete(room);
    metrics.gauge('rooms', rooms.size);
    open.cancelWake();
    comeback.forget(open);
    sweep.forget(open);
    const ended = endSubscription(open).then(() => {
      if (ending.get(room) === ended) ending.delete(room);
    });
    ending.set(room, ended);
    return ended;
  }

  const stopListening = broker.onLive((live) => {
    isLive = live;
    if (live) comeback.begin(rooms.values());
    else comeback.end();
  });

  return {
    join(session, room, since) {
      const open = rooms.get(room) ?? openNow(room);
      lastJoin += 1;
      open.members.set(session, lastJoin);
      open.holding.add(session);
      const waiter = { session, join: lastJoin, ...(since === undefined ? {} : { since }) };
      step(open, { type: 'join', waiter });
    },
    release(session, room) {
      rooms.get(room)?.holding.delete(session);
    },
    hold(session, room) {
      const open = rooms.get(room);
      if (open?.members.has(session)) open.holding.add(session);
    },
    leave(session, room) {
      const open = rooms.get(room);
      const join = open?.members.get(session);
      if (!open || join === undefined) return;
      open.members.delete(session);
      open.holding.delete(session);
      if (open.members.size > 0) step(open, { type: 'leave', waiter: { session, join } });
      else void closeRoom(room, open);
    },
    size: () => rooms.size,
    async close() {
      stopListening();
      comeback.end();
      sweep.close();
      for (const [room, open] of rooms) void closeRoom(room, open);
      await new Promise<void>((resolve) => {
        const cancel = timers.after(CLOSE_WITHIN_MS, () => {
          metrics.count('broker_unsubscribe_errors_total', {}, ending.size);
          logger.warn({ rooms: ending.size }, 'closed before the broker had forgotten all rooms');
          resolve();
        });
        // Ends that fail are counted and logged where they do.
        void Promise.all(ending.values()).then(() => {
          cancel();
          resolve();
        });
      });
    },
  };
}
