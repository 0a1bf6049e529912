import type { Position, Room } from '@querycast/protocol';
import type { AckId, SessionDraft, SessionEffect, SessionEvent } from './session-state.js';

type Of<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>;

/** The client sends a new token: one is checked at a time. */
export function beginRenewal(session: SessionDraft, ack: AckId, effects: SessionEffect[]): void {
  const refuse = (message: string) => effects.push({ type: 'refuse', ack, code: 'rate_limited', message });
  if (session.phase !== 'ready') refuse('wait for ready');
  else if (session.renewal !== undefined) refuse('a renewal is under way: wait for its answer');
  else session.renewal = ack;
}

/**
 * The token has ended. Without a renewal under way that is the end; with one, the client gets nothing until it is decided,
 * and afterwards all or nothing.
 */
export function expire(session: SessionDraft, effects: SessionEffect[]): void {
  if (session.renewal === undefined) {
    effects.push({ type: 'expired' });
    return;
  }
  session.isLapsed = true;
  pauseAll(session, effects);
}

/** Nothing has changed, unless the old token has ended meanwhile. */
export function failRenewal(
  session: SessionDraft,
  { code, message }: Of<'not_renewed'>,
  effects: SessionEffect[],
): void {
  if (session.renewal === undefined) return;
  effects.push({ type: 'refuse', ack: session.renewal, code, message });
  session.renewal = undefined;
  if (session.isLapsed) effects.push({ type: 'expired' });
}

/** Leaves and joins rooms as the new token has it. What was lost ends before anything else is said. */
export function changeRooms(session: SessionDraft, event: Of<'renewed'>, effects: SessionEffect[]): void {
  leaveLost(session, event, effects);
  if (session.renewal !== undefined) effects.push({ type: 'ack_ok', ack: session.renewal });
  session.renewal = undefined;
  joinOwn(session, event, effects);
}

/** Leaves and joins rooms as the rights are now. A token that is being checked goes on being checked. */
export function changeRights(session: SessionDraft, event: Of<'rights'>, effects: SessionEffect[]): void {
  leaveLost(session, event, effects);
  joinOwn(session, event, effects);
}

type Rights = Pick<Of<'rights'>, 'own' | 'extra'>;

function leaveLost(session: SessionDraft, { own, extra }: Rights, effects: SessionEffect[]): void {
  for (const [room, membership] of [...session.rooms]) {
    if (own.has(room) || extra.has(room)) continue;
    session.rooms.delete(room);
    if ('ack' in membership && membership.ack !== undefined) {
      const message = 'this room is no longer open to you';
      effects.push({ type: 'refuse', ack: membership.ack, code: 'forbidden', message });
    }
    effects.push({ type: 'exit', room }, { type: 'leave', room });
    // Before `ready` the client has not heard of it.
    if (session.phase === 'ready') effects.push({ type: 'left', room });
  }
}

function joinOwn(session: SessionDraft, { own }: Rights, effects: SessionEffect[]): void {
  session.own = own;
  for (const room of own) {
    if (session.rooms.has(room)) continue;
    session.rooms.set(room, { phase: 'joining', late: session.phase === 'ready', held: [] });
    effects.push(joinEffect(room, undefined));
  }
}

/** From now on frames are kept back, in every room that takes them directly. */
export function pauseAll(session: SessionDraft, effects: SessionEffect[]): void {
  for (const [room, { phase }] of session.rooms) {
    if (phase !== 'live') continue;
    session.rooms.set(room, { phase: 'paused', kept: undefined });
    effects.push({ type: 'pause', room });
  }
}

/** Asks for a room's row. */
export function joinEffect(room: Room, since: Position | undefined): SessionEffect {
  return { type: 'join', room, ...(since === undefined ? {} : { since }) };
}
