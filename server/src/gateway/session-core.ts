import { covers, MAX_EXTRA_ROOMS, type Position, type Room, type Row } from '@querycast/protocol';
import { type Kept, keepFrame, keptFrame } from './kept-frames.js';
import { type Frame, largestSpread } from './pending-frame.js';
import {
  beginRenewal,
  changeRights,
  changeRooms,
  expire,
  failRenewal,
  joinEffect,
  pauseAll,
} from './session-renewal.js';
import type {
  AckId,
  Held,
  Membership,
  SessionDraft,
  SessionEffect,
  SessionEvent,
  SessionState,
} from './session-state.js';

/** Frames kept back per room while its row is read; beyond it the room gets one `resync` after its row. */
const MAX_HELD = 64;

/**
 * One step of a session. Pure: the given state is not changed. The invariant: a client never receives a room's frame
 * before that room's row, and receives every frame after its row's position, at once or as part of what was kept back.
 */
export function stepSession(state: SessionState, event: SessionEvent): [SessionState, SessionEffect[]] {
  if (state.phase === 'closed') return [state, []];
  const session: SessionDraft = { ...state, rooms: new Map(state.rooms) };
  const effects: SessionEffect[] = [];
  handle(session, event, effects);
  return [session, effects];
}

function handle(session: SessionDraft, event: SessionEvent, effects: SessionEffect[]): void {
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
    case 'expiring':
      // `ready` comes first, whatever happens.
      if (session.phase === 'ready') effects.push({ type: 'expiring' });
      else session.isExpiring = true;
      break;
    case 'expired':
      expire(session, effects);
      break;
    case 'renew':
      beginRenewal(session, event.ack, effects);
      break;
    case 'renewed':
      changeRooms(session, event, effects);
      release(session, effects);
      break;
    case 'rights':
      changeRights(session, event, effects);
      readyIfComplete(session, effects);
      break;
    case 'not_renewed':
      failRenewal(session, event, effects);
      break;
    case 'close':
      session.phase = 'closed';
      session.isSlow = false;
      session.renewal = undefined;
      for (const room of session.rooms.keys()) effects.push({ type: 'leave', room });
      session.rooms.clear();
      break;
  }
}

function open(
  session: SessionDraft,
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

function rowArrived(session: SessionDraft, row: Row, effects: SessionEffect[]): void {
  const membership = session.rooms.get(row.room);
  if (membership?.phase !== 'joining') return;
  const { ack, held, late } = membership;
  const isForReady = ack === undefined && !late;
  if (isForReady || session.isLapsed) {
    session.rooms.set(row.room, { phase: 'rowed', row, held, ...(ack === undefined ? {} : { ack }) });
    readyIfComplete(session, effects);
  } else {
    tellRow(session, { row, ack, held }, effects);
  }
}

function tellRow(
  session: SessionDraft,
  { row, ack, held }: { row: Row; ack?: AckId | undefined; held: Held },
  effects: SessionEffect[],
): void {
  effects.push(ack === undefined ? { type: 'joined', rows: [row] } : { type: 'ack_row', ack, row });
  goLive(session, row, held, effects);
}

/** The broker does not answer for this room: nobody waits for it, its row follows when it does. */
function delayed(session: SessionDraft, room: Room, effects: SessionEffect[]): void {
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

function readyIfComplete(session: SessionDraft, effects: SessionEffect[]): void {
  if (session.phase !== 'joining') return;
  const rowed: { row: Row; held: Held }[] = [];
  for (const membership of session.rooms.values()) {
    if (membership.phase === 'rowed') rowed.push(membership);
    else if (membership.phase === 'joining' && !membership.late) return;
  }
  session.phase = 'ready';
  effects.push({ type: 'ready', rows: rowed.map(({ row }) => row) });
  for (const { row, held } of rowed) goLive(session, row, held, effects);
  if (session.isExpiring) effects.push({ type: 'expiring' });
}

function goLive(session: SessionDraft, row: Row, held: Held, effects: SessionEffect[]): void {
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

function hold(session: SessionDraft, room: Room, frame: Frame): void {
  const membership = session.rooms.get(room);
  if (!membership || membership.phase === 'live') return;
  if (membership.phase === 'paused') {
    session.rooms.set(room, { phase: 'paused', kept: keepFrame(membership.kept, frame) });
  } else {
    session.rooms.set(room, { ...membership, held: holding(membership.held, frame) });
  }
}

function pause(session: SessionDraft, effects: SessionEffect[]): void {
  session.isSlow = true;
  pauseAll(session, effects);
}

/** Sends what was kept of one room and no more: of all rooms together it could be as much as made the socket slow. */
function resume(session: SessionDraft, effects: SessionEffect[]): void {
  session.isSlow = false;
  if (session.isLapsed) return;
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

/** The token that had ended was renewed: sends all that was kept back because of that, however much it is. */
function release(session: SessionDraft, effects: SessionEffect[]): void {
  if (!session.isLapsed) return;
  session.isLapsed = false;
  for (const [room, membership] of [...session.rooms]) {
    if (membership.phase === 'rowed') {
      tellRow(session, membership, effects);
    } else if (membership.phase === 'paused' && !session.isSlow) {
      session.rooms.set(room, { phase: 'live' });
      effects.push({ type: 'enter', room });
      if (membership.kept) effects.push({ type: 'frame', frame: keptFrame(room, membership.kept) });
    }
  }
}

function holding(held: Held, frame: Frame): Held {
  if ('overflow' in held) return { overflow: largestSpread([held.overflow, frame.message]) };
  if (held.length < MAX_HELD) return [...held, frame];
  return { overflow: largestSpread([...held, frame].map(({ message }) => message)) };
}

function subscribe(
  session: SessionDraft,
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

function subscribeRefusal(session: SessionDraft, room: Room, allowed: boolean, membership: Membership | undefined) {
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

function unsubscribe(session: SessionDraft, room: Room, ack: AckId, effects: SessionEffect[]): void {
  if (session.own.has(room)) {
    effects.push({ type: 'refuse', ack, code: 'forbidden', message: 'a room of your own cannot be left' });
    return;
  }
  const membership = session.rooms.get(room);
  if (membership) {
    if ('ack' in membership && membership.ack !== undefined) {
      effects.push({ type: 'refuse', ack: membership.ack, code: 'bad_request', message: 'left before it was joined' });
    }
    session.rooms.delete(room);
    effects.push({ type: 'exit', room }, { type: 'leave', room });
  }
  effects.push({ type: 'ack_ok', ack });
}
