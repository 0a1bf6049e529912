import { covers, MAX_EXTRA_ROOMS, type Position, type Room, type Row } from '@querycast/protocol';
import { type Kept, keepFrame, keptFrame } from './kept-frames.js';
import { type Frame, largestSpread } from './pending-frame.js';
import type { AckId, Held, Membership, SessionEffect, SessionEvent, SessionState } from './session-state.js';

/** Frames kept back per room while its row is read; beyond it the room gets one `resync` after its row. */
const MAX_HELD = 64;

interface Draft {
  phase: SessionState['phase'];
  own: ReadonlySet<Room>;
  rooms: Map<Room, Membership>;
  isSlow: boolean;
}

/**
 * One step of a session. Pure: the given state is not changed. The invariant: a client never receives a room's frame
 * before that room's row, and receives every frame after its row's position, at once or as part of what was kept back.
 */
export function stepSession(state: SessionState, event: SessionEvent): [SessionState, SessionEffect[]] {
  if (state.phase === 'closed') return [state, []];
  const session: Draft = { ...state, rooms: new Map(state.rooms) };
  const effects: SessionEffect[] = [];
  handle(session, event, effects);
  return [session, effects];
}

function handle(session: Draft, event: SessionEvent, effects: SessionEffect[]): void {
  switch (event.type) {
    case 'open':
      open(session, event.rooms, event.positions, effects);
      break;
    case 'row':
      rowArrived(session, event.row, effects);
      break;
    case 'delayed':
      delayed(session, event.room, effects);
      break;
    case 'frame':
      hold(session, event.room, event.frame);
      break;
    case 'subscribe':
      subscribe(session, event, effects);
      break;
    case 'unsubscribe':
      unsubscribe(session, event.room, event.ack, effects);
      break;
    case 'slow':
      pause(session, effects);
      break;
    case 'drained':
      resume(session, effects);
      break;
    case 'close':
      session.phase = 'closed';
      session.isSlow = false;
      for (const room of session.rooms.keys()) effects.push({ type: 'leave', room });
      session.rooms.clear();
      break;
  }
}

function open(
  session: Draft,
  rooms: readonly Room[],
  positions: Readonly<Record<string, Position>>,
  effects: SessionEffect[],
): void {
  session.own = new Set(rooms);
  for (const room of session.own) {
    session.rooms.set(room, { phase: 'joining', late: false, held: [] });
    effects.push(joinEffect(room, Object.hasOwn(positions, room) ? positions[room] : undefined));
  }
  readyIfComplete(session, effects);
}

function rowArrived(session: Draft, row: Row, effects: SessionEffect[]): void {
  const membership = session.rooms.get(row.room);
  if (membership?.phase !== 'joining') return;
  const { ack, held, late } = membership;
  if (ack !== undefined) {
    effects.push({ type: 'ack_row', ack, row });
    goLive(session, row, held, effects);
  } else if (late) {
    effects.push({ type: 'joined', rows: [row] });
    goLive(session, row, held, effects);
  } else {
    session.rooms.set(row.room, { phase: 'rowed', row, held });
    readyIfComplete(session, effects);
  }
}

/** The broker does not answer for this room: nobody waits for it, its row follows when it does. */
function delayed(session: Draft, room: Room, effects: SessionEffect[]): void {
  const membership = session.rooms.get(room);
  if (membership?.phase !== 'joining') return;
  const { ack, held } = membership;
  if (ack !== undefined) {
    effects.push({ type: 'refuse', ack, code: 'broker_unavailable', message: 'the log cannot be read now: try again' });
    if (!session.own.has(room)) {
      session.rooms.delete(room);
      effects.push({ type: 'leave', room });
      return;
    }
  }
  session.rooms.set(room, { phase: 'joining', late: true, held });
  readyIfComplete(session, effects);
}

function readyIfComplete(session: Draft, effects: SessionEffect[]): void {
  if (session.phase !== 'joining') return;
  const rowed: { row: Row; held: Held }[] = [];
  for (const membership of session.rooms.values()) {
    if (membership.phase === 'rowed') rowed.push(membership);
    else if (membership.phase === 'joining' && !membership.late) return;
  }
  session.phase = 'ready';
  effects.push({ type: 'ready', rows: rowed.map(({ row }) => row) });
  for (const { row, held } of rowed) goLive(session, row, held, effects);
}

function goLive(session: Draft, row: Row, held: Held, effects: SessionEffect[]): void {
  if (session.isSlow) {
    session.rooms.set(row.room, { phase: 'paused', kept: keptOf(row, held) });
    return;
  }
  session.rooms.set(row.room, { phase: 'live' });
  effects.push({ type: 'enter', room: row.room });
  for (const frame of framesAfter(row, held)) effects.push({ type: 'frame', frame });
}

/** What of the held frames follows the row. */
function framesAfter(row: Row, held: Held): Frame[] {
  if ('overflow' in held) {
    const message = { room: row.room, position: row.position, reason: 'overflow' as const, ...held.overflow };
    return [{ event: 'resync', message }];
  }
  // Frames come in order: what lies before one that the row holds is older still, also when it is of another epoch.
  return held.slice(held.findLastIndex((frame) => covers(row.position, frame.message.position)) + 1);
}

function keptOf(row: Row, held: Held): Kept | undefined {
  return framesAfter(row, held).reduce<Kept | undefined>(keepFrame, undefined);
}

function hold(session: Draft, room: Room, frame: Frame): void {
  const membership = session.rooms.get(room);
  if (!membership || membership.phase === 'live') return;
  if (membership.phase === 'paused') {
    session.rooms.set(room, { phase: 'paused', kept: keepFrame(membership.kept, frame) });
  } else {
    session.rooms.set(room, { ...membership, held: holding(membership.held, frame) });
  }
}

function pause(session: Draft, effects: SessionEffect[]): void {
  session.isSlow = true;
  for (const [room, { phase }] of session.rooms) {
    if (phase !== 'live') continue;
    session.rooms.set(room, { phase: 'paused', kept: undefined });
    effects.push({ type: 'pause', room });
  }
}

/** Sends what was kept of one room and no more: of all rooms together it could be as much as made the socket slow. */
function resume(session: Draft, effects: SessionEffect[]): void {
  session.isSlow = false;
  let isFirst = true;
  for (const [room, membership] of [...session.rooms]) {
    if (membership.phase !== 'paused') continue;
    const { kept } = membership;
    if (kept && !isFirst) {
      session.isSlow = true;
      continue;
    }
    // To the end of the list: a room that is busy all the time must not always come first.
    session.rooms.delete(room);
    session.rooms.set(room, { phase: 'live' });
    effects.push({ type: 'enter', room });
    if (!kept) continue;
    effects.push({ type: 'frame', frame: keptFrame(room, kept) });
    isFirst = false;
  }
}

function holding(held: Held, frame: Frame): Held {
  if ('overflow' in held) return { overflow: largestSpread([held.overflow, frame.message]) };
  if (held.length < MAX_HELD) return [...held, frame];
  return { overflow: largestSpread([...held, frame].map(({ message }) => message)) };
}

function subscribe(
  session: Draft,
  request: Extract<SessionEvent, { type: 'subscribe' }>,
  effects: SessionEffect[],
): void {
  const { room, position, ack } = request;
  const membership = session.rooms.get(room);
  const refusal = subscribeRefusal(session, room, request.allowed, membership);
  if (refusal) {
    effects.push({ type: 'refuse', ack, ...refusal });
    return;
  }
  // A member that asks again has found a gap: its frames wait for the new row, else it would find the next gap.
  if (membership) effects.push({ type: 'exit', room });
  session.rooms.set(room, { phase: 'joining', late: true, ack, held: [] });
  effects.push(joinEffect(room, position));
}

function subscribeRefusal(session: Draft, room: Room, allowed: boolean, membership: Membership | undefined) {
  const isOwn = session.own.has(room);
  if (session.phase !== 'ready') return { code: 'rate_limited' as const, message: 'wait for ready' };
  if (!isOwn && !allowed) return { code: 'forbidden' as const, message: 'this room is not open to you' };
  // Its row would only wait as well.
  if (session.isSlow) return { code: 'rate_limited' as const, message: 'read what was sent to you, then try again' };
  if (membership && membership.phase !== 'live') {
    return { code: 'rate_limited' as const, message: 'this room is being joined already: wait for its row' };
  }
  const extra = [...session.rooms.keys()].filter((other) => !session.own.has(other)).length;
  if (!isOwn && !membership && extra >= MAX_EXTRA_ROOMS) {
    return { code: 'too_many_rooms' as const, message: `a session joins at most ${MAX_EXTRA_ROOMS} extra rooms` };
  }
  return undefined;
}

function unsubscribe(session: Draft, room: Room, ack: AckId, effects: SessionEffect[]): void {
  if (session.own.has(room)) {
    effects.push({ type: 'refuse', ack, code: 'forbidden', message: 'a room of your own cannot be left' });
    return;
  }
  const membership = session.rooms.get(room);
  if (membership) {
    if (membership.phase === 'joining' && membership.ack !== undefined) {
      effects.push({ type: 'refuse', ack: membership.ack, code: 'bad_request', message: 'left before it was joined' });
    }
    session.rooms.delete(room);
    effects.push({ type: 'exit', room }, { type: 'leave', room });
  }
  effects.push({ type: 'ack_ok', ack });
}

function joinEffect(room: Room, since: Position | undefined): SessionEffect {
  return { type: 'join', room, ...(since === undefined ? {} : { since }) };
}
