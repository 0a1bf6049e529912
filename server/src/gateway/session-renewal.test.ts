import { formatPosition, type Room, type Row } from '@querycast/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { stepSession } from './session-core.js';
import { newSession, type SessionEffect, type SessionEvent, type SessionState } from './session-state.js';

const row = (room: Room): Row => ({ room, position: formatPosition('e', 5), status: 'fresh', keys: [] });

let state: SessionState;

function step(event: SessionEvent): SessionEffect[] {
  const [next, effects] = stepSession(Object.freeze(state), event);
  state = next;
  return effects;
}

/** In `a:1`, which is its own, and waits for the row of `class:7`, while a new token is checked. */
beforeEach(() => {
  state = newSession;
  step({ type: 'open', rooms: ['a:1'], positions: {} });
  step({ type: 'row', row: row('a:1') });
  step({ type: 'subscribe', room: 'class:7', allowed: true, ack: 1 });
  expect(step({ type: 'renew', ack: 2 })).toEqual([]);
});

const forbidden = { type: 'refuse', ack: 1, code: 'forbidden', message: 'this room is no longer open to you' };
const event = (type: 'renewed' | 'rights', own: Room[], extra: Room[] = []): SessionEvent => ({
  type,
  own: new Set(own),
  extra: new Set(extra),
});
const renewed = (own: Room[], extra?: Room[]) => event('renewed', own, extra);
/** The end of both rooms of the session, one of which is just being joined. */
const LOST = [
  { type: 'exit', room: 'a:1' },
  { type: 'leave', room: 'a:1' },
  { type: 'left', room: 'a:1' },
  forbidden,
  { type: 'exit', room: 'class:7' },
  { type: 'leave', room: 'class:7' },
  { type: 'left', room: 'class:7' },
];

it('a renewal ends what was lost before it is answered, and joins what was gained after it', () => {
  expect(step(renewed(['a:2']))).toEqual([...LOST, { type: 'ack_ok', ack: 2 }, { type: 'join', room: 'a:2' }]);
  expect(step({ type: 'row', row: row('class:7') })).toEqual([]);
  expect(step({ type: 'row', row: row('a:2') })).toEqual([
    { type: 'joined', rows: [row('a:2')] },
    { type: 'enter', room: 'a:2' },
  ]);
});

it('a renewal leaves alone what is still allowed, rows under way included', () => {
  expect(step(renewed(['a:1'], ['class:7']))).toEqual([{ type: 'ack_ok', ack: 2 }]);
  expect(step({ type: 'row', row: row('class:7') })[0]).toEqual({ type: 'ack_row', ack: 1, row: row('class:7') });
});

it('an extra room that became its own cannot be left any more', () => {
  step(renewed(['a:1', 'class:7']));
  expect(step({ type: 'unsubscribe', room: 'class:7', ack: 3 })).toMatchObject([{ type: 'refuse', code: 'forbidden' }]);
});

it('a row that came when the token had ended is refused when its room is lost, or left meanwhile', () => {
  expect(step({ type: 'expired' })).toEqual([{ type: 'pause', room: 'a:1' }]);
  expect(step({ type: 'row', row: row('class:7') })).toEqual([]);
  const before = state;
  expect(step(renewed(['a:1']))[0]).toEqual(forbidden);
  state = before;
  expect(step({ type: 'unsubscribe', room: 'class:7', ack: 3 })[0]).toMatchObject({ ack: 1, code: 'bad_request' });
});

it('a renewal that fails ends the session if its token has ended, and does nothing else', () => {
  const before = state;
  const failed: SessionEvent = { type: 'not_renewed', code: 'forbidden', message: 'no good' };
  const refusal = { type: 'refuse', ack: 2, code: 'forbidden', message: 'no good' };
  expect(step(failed)).toEqual([refusal]);
  expect(step(failed)).toEqual([]);
  expect(step({ type: 'expired' })).toEqual([{ type: 'expired' }]);
  state = before;
  step({ type: 'expired' });
  expect(step(failed)).toEqual([refusal, { type: 'expired' }]);
});

it('a closed session has no renewal', () => {
  step({ type: 'close' });
  expect(state.renewal).toBeUndefined();
  expect(step(renewed(['a:1']))).toEqual([]);
});

describe('rights that were looked at again', () => {
  const rights = (own: Room[], extra?: Room[]) => event('rights', own, extra);

  it('end what was lost and join what was gained, and decide no renewal', () => {
    expect(step(rights(['a:2']))).toEqual([...LOST, { type: 'join', room: 'a:2' }]);
    expect(state.renewal).toBe(2);
    expect(step({ type: 'row', row: row('a:2') })[0]).toEqual({ type: 'joined', rows: [row('a:2')] });
  });

  it('before ready are told with it and not before it, as soon as no row is waited for', () => {
    state = newSession;
    step({ type: 'open', rooms: ['a:1', 'b:1'], positions: {} });
    step({ type: 'row', row: row('a:1') });
    expect(step(rights(['a:1', 'a:2']))).toEqual([
      { type: 'exit', room: 'b:1' },
      { type: 'leave', room: 'b:1' },
      { type: 'join', room: 'a:2' },
    ]);
    expect(step(rights(['a:1']))).toMatchObject([
      { type: 'exit', room: 'a:2' },
      { type: 'leave', room: 'a:2' },
      { type: 'ready', rows: [row('a:1')] },
      { type: 'enter', room: 'a:1' },
    ]);
  });

  it('of a session that is over are nothing any more', () => {
    step({ type: 'close' });
    expect(step(rights(['a:2']))).toEqual([]);
  });
});
