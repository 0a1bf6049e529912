import { comparePositions, type Envelope, type Position, type Row } from '@querycast/protocol';
import type { LogRead } from '../broker/broker.js';
import { afterFlush, mayFlush } from './flush-window.js';
import { addStretch, exceedsFrame, inOrder, largestSpread, mergeFrames, type Stretch } from './pending-frame.js';
import type { Draft, RoomEffect, RoomEvent, RoomState, Waiter } from './room-state.js';
import { cameLate, compare, judge } from './room-sweep.js';

/** Envelopes kept while a read is under way; beyond it all but the newest are dropped, and the log is read again. */
const MAX_QUEUE = 1_024;

/** Stretches gathered in one window before it is cut short: bounds memory by time, not by traffic. */
const MAX_PENDING = 1_024;

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

type Spread = Pick<Stretch, 'spreadMs'>;

/**
 * One step of a room. Pure: the same state, event and time give the same answer, and the given state is not changed.
 * The invariant: what was emitted and what is pending form one unbroken stretch of the sequence, up to `head`.
 *
 * @param now Milliseconds of a clock that never goes back.
 */
export function stepRoom(state: RoomState, event: RoomEvent, now: number): [RoomState, RoomEffect[]] {
  const room: Draft = { ...state };
  const effects: RoomEffect[] = [];
  handle(room, event, now, effects);
  // Effects are carried out after the step, so whatever it queued came before the read.
  if (effects.some(({ type }) => type === 'read_repair')) room.queuedBeforeRead = room.queue.length;
  return [room, effects];
}

function handle(room: Draft, event: RoomEvent, now: number, effects: RoomEffect[]): void {
  switch (event.type) {
    case 'join':
      join(room, event.waiter, effects);
      break;
    case 'leave':
      room.waiting = room.waiting.filter(({ join }) => join !== event.waiter.join);
      break;
    case 'subscribed':
      subscribed(room, effects);
      break;
    case 'subscribe_failed':
      room.subscription = 'failed';
      delayAll(room, effects);
      retryLater(room, now);
      break;
    case 'row_read':
      rowRead(room, event, now, effects);
      break;
    case 'row_read_failed':
      rowReadFailed(room, event.waiters, effects);
      retryLater(room, now);
      break;
    case 'envelope':
      absorb(room, event.envelope, now, effects);
      break;
    case 'repair_read':
      repaired(room, event, now, effects);
      break;
    case 'repair_failed':
      room.repair = 'failed';
      retryLater(room, now);
      break;
    case 'swept':
      if (compare(room, event.position, now) === 'same') effects.push({ type: 'swept', result: 'same' });
      break;
    case 'broker_back':
      // Whatever was published while the subscription was down is only in the log, and so it is for every other room.
      room.isSpread = room.head !== undefined;
      if (room.subscription === 'open') readAgain(room, effects);
      retryNow(room, effects);
      break;
    case 'wake':
      if (room.retryAt !== undefined && now >= room.retryAt) retryNow(room, effects);
      lookAgain(room, now, effects);
      if (room.pending && mayFlush(room.window, now)) flush(room, now, effects);
      break;
  }
}

function join(room: Draft, waiter: Waiter, effects: RoomEffect[]): void {
  // Others failed to be read for: all of them are, at the next attempt.
  const isHeldUp = room.retryAt !== undefined && room.rowReads === 0 && room.waiting.length > 0;
  room.waiting = [...room.waiting, waiter];
  // Subscribe, then read: what is published between the two is heard, what came before is in the log.
  if (room.subscription === 'failed' || isHeldUp) effects.push({ type: 'delayed', waiter });
  else readWaiting(room, effects);
}

function subscribed(room: Draft, effects: RoomEffect[]): void {
  room.subscription = 'open';
  room.failures = 0;
  room.retryAt = undefined;
  readWaiting(room, effects);
  readAgain(room, effects);
}

function rowRead(
  room: Draft,
  { waiters, read }: Extract<RoomEvent, { type: 'row_read' }>,
  now: number,
  effects: RoomEffect[],
): void {
  room.rowReads -= 1;
  room.failures = 0;
  const row = rowOf(room, read);
  for (const waiter of waiters) effects.push({ type: 'row', waiter, row });
  if (room.head === undefined) {
    room.head = read.position;
    drainQueue(room, now, effects);
  } else if (comparePositions(read.position, room.head) === 'unrelated') {
    // The sequence was recreated and no envelope has told so yet.
    readAgain(room, effects);
  }
  readWaiting(room, effects);
}

function rowReadFailed(room: Draft, waiters: readonly Waiter[], effects: RoomEffect[]): void {
  room.rowReads -= 1;
  room.waiting = [...room.waiting, ...waiters];
  // Whoever waits behind a read waits as long.
  delayAll(room, effects);
}

function rowOf(room: Draft, read: LogRead): Row {
  const { position } = read;
  if (read.status === 'recovered' && exceedsFrame(read.keys)) {
    return { room: room.room, position, status: 'resync', keys: [] };
  }
  return { room: room.room, position, status: read.status, keys: [...read.keys] };
}

function absorb(room: Draft, envelope: Envelope, now: number, effects: RoomEffect[]): void {
  if (room.head === undefined || room.repair !== 'none') {
    enqueue(room, envelope);
    return;
  }
  const order = comparePositions(envelope.position, room.head);
  if (order === 'older' || order === 'same') return;
  if (envelope.prev === room.head) {
    append(room, envelope, now, effects);
    return;
  }
  enqueue(room, envelope);
  readAgain(room, effects);
}

function enqueue(room: Draft, envelope: Envelope): void {
  if (room.queue.length < MAX_QUEUE) {
    room.queue = [...room.queue, envelope];
    return;
  }
  // The newest one stays: what lies before it is a hole, which the log fills.
  room.spreadOfDropped = largestSpread([{ spreadMs: room.spreadOfDropped }, ...room.queue]).spreadMs ?? 0;
  room.queue = [envelope];
  room.queuedBeforeRead = 0;
}

function append(room: Draft, stretch: Stretch, now: number, effects: RoomEffect[]): void {
  room.head = stretch.position;
  room.pending = addStretch(room.pending, stretch);
  if (mayFlush(room.window, now) || room.pending.length >= MAX_PENDING) flush(room, now, effects);
}

function flush(room: Draft, now: number, effects: RoomEffect[]): void {
  if (!room.pending) return;
  const { length } = room.pending;
  const frames = mergeFrames(room.room, room.pending, room.settings.exposeReason);
  room.window = afterFlush(room.window, now, length);
  room.pending = undefined;
  frames.forEach((frame, index) => {
    effects.push({ type: 'emit', frame, merged: index === 0 ? length - frames.length : 0 });
  });
}

function repaired(
  room: Draft,
  { read, at, isEverywhere }: Extract<RoomEvent, { type: 'repair_read' }>,
  now: number,
  effects: RoomEffect[],
): void {
  room.repair = 'none';
  room.failures = 0;
  const since = room.head;
  if (since === undefined) return;
  // A new epoch is rarely one room's: the log's server has begun another life.
  const isNewEpoch = read.status === 'resync' && read.cause !== 'floor';
  const spread = spreadOf(room, room.isSpread || isEverywhere || isNewEpoch);
  if (read.status === 'recovered') bridge(room, { since, read, at, spread }, now, effects);
  else startOver(room, read, largestSpread([spread, ...inOrder(room.pending)]), effects);
  endSweep(room, since, effects);
  // The log was read after these arrived. It holds them, or they are of a sequence that is gone: a straggler of an old
  // epoch must not cause read after read.
  room.queue = room.queue.slice(room.queuedBeforeRead);
  if (room.repairAgain) {
    room.repairAgain = false;
    readAgain(room, effects);
  } else {
    room.isSpread = false;
    drainQueue(room, now, effects);
  }
}

/** What the sweep found was repaired, or came by itself at last. */
function endSweep(room: Draft, since: Position, effects: RoomEffect[]): void {
  const { sweptTo } = room;
  if (sweptTo === undefined) return;
  room.sweptTo = undefined;
  const repair = effects.find(({ type }) => type === 'repaired');
  const result = repair?.type === 'repaired' && !cameLate(room, since, sweptTo) ? repair.result : 'same';
  effects.push({ type: 'swept', result });
  if (result === 'same') return;
  // The broker may have forgotten this room alone: it would be behind again at once.
  room.subscription = 'opening';
  effects.push({ type: 'resubscribe' });
}

function bridge(
  room: Draft,
  { since, read, at, spread }: { since: Position; read: LogRead; at: number; spread: Spread },
  now: number,
  effects: RoomEffect[],
): void {
  if (comparePositions(read.position, since) !== 'newer') return;
  effects.push({ type: 'repaired', result: 'recovered' });
  const oldest = Math.min(at, ...room.queue.map((envelope) => envelope.at));
  append(room, { prev: since, position: read.position, keys: read.keys, at: oldest, ...spread }, now, effects);
}

/** Continuity is lost: the resync stands for all that was pending as well. */
function startOver(room: Draft, read: LogRead, spread: Spread, effects: RoomEffect[]): void {
  room.head = read.position;
  room.pending = undefined;
  effects.push({ type: 'repaired', result: 'resync' });
  const message = { room: room.room, position: read.position, reason: read.cause ?? ('epoch' as const), ...spread };
  effects.push({ type: 'emit', frame: { event: 'resync', message }, merged: 0 });
}

/** The largest spread asked for: by what the read stands for, or because all rooms are read at the same time. */
function spreadOf(room: Draft, isEverywhere: boolean): Spread {
  const asked = room.queue.slice(0, room.queuedBeforeRead);
  const everywhere = isEverywhere ? room.settings.resyncSpreadMs : 0;
  return largestSpread([{ spreadMs: everywhere }, { spreadMs: room.spreadOfDropped }, ...asked]);
}

function drainQueue(room: Draft, now: number, effects: RoomEffect[]): void {
  const { queue } = room;
  room.queue = [];
  for (const envelope of queue) absorb(room, envelope, now, effects);
  if (room.repair === 'none') room.spreadOfDropped = 0;
}

function lookAgain(room: Draft, now: number, effects: RoomEffect[]): void {
  const verdict = judge(room, now);
  if (verdict === 'same') effects.push({ type: 'swept', result: 'same' });
  if (verdict === undefined || verdict === 'same') return;
  room.sweptTo = verdict;
  readAgain(room, effects);
}

/** Reads the log from the head on, once the read under way is done. */
function readAgain(room: Draft, effects: RoomEffect[]): void {
  if (room.head === undefined) return;
  if (room.repair === 'reading') {
    room.repairAgain = true;
    return;
  }
  room.repair = 'reading';
  effects.push({ type: 'read_repair', since: room.head });
}

/** Reads the rows of all who wait, one for all who resume from the same position; not while others are being read. */
function readWaiting(room: Draft, effects: RoomEffect[]): void {
  if (room.subscription !== 'open' || room.rowReads > 0) return;
  const groups = [...bySince(room.waiting)];
  // Until the head is known one row is read at a time: of two answers that cross, the newer one would set a head beyond
  // the older one's row, and that session would miss what lies between.
  const now = room.head === undefined ? groups.slice(0, 1) : groups;
  for (const [since, waiters] of now) effects.push({ type: 'read_row', since, waiters });
  room.rowReads = now.length;
  room.waiting = groups.slice(now.length).flatMap(([, waiters]) => waiters);
}

function bySince(waiting: readonly Waiter[]): Map<Position | undefined, Waiter[]> {
  const groups = new Map<Position | undefined, Waiter[]>();
  for (const waiter of waiting) {
    const group = groups.get(waiter.since);
    if (group) group.push(waiter);
    else groups.set(waiter.since, [waiter]);
  }
  return groups;
}

function delayAll(room: Draft, effects: RoomEffect[]): void {
  for (const waiter of room.waiting) effects.push({ type: 'delayed', waiter });
}

function retryLater(room: Draft, now: number): void {
  // Many reads fail together: they count as one failure.
  if (room.retryAt !== undefined) return;
  room.retryAt = now + Math.min(FIRST_RETRY_MS * 2 ** room.failures, LONGEST_RETRY_MS);
  room.failures += 1;
}

function retryNow(room: Draft, effects: RoomEffect[]): void {
  room.retryAt = undefined;
  if (room.subscription === 'failed') {
    room.subscription = 'opening';
    effects.push({ type: 'subscribe' });
    return;
  }
  if (room.subscription === 'opening') return;
  if (room.repair === 'failed') readAgain(room, effects);
  readWaiting(room, effects);
}
