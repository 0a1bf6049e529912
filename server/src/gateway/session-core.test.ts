import { formatPosition, MAX_EXTRA_ROOMS, type Room, type Row } from '@querycast/protocol';
import { describe, expect, it } from 'vitest';
import type { Frame } from './pending-frame.js';
import { stepSession } from './session-core.js';
import { newSession, type SessionEffect, type SessionEvent } from './session-state.js';

const row = (room: Room, offset = 5): Row => ({
  room,
  position: formatPosition('e', offset),
  status: 'fresh',
  keys: [],
});

function frame(room: Room, offset: number, spread: { spreadMs?: number } = {}): Frame {
  const [prev, position] = [formatPosition('e', offset - 1), formatPosition('e', offset)];
  return { event: 'invalidate', message: { room, prev, position, keys: [['k']], at: 1, ...spread } };
}

function session() {
  let state = newSession;
  return {
    step(event: SessionEvent): SessionEffect[] {
      const [next, effects] = stepSession(Object.freeze(state), event);
      state = next;
      return effects;
    },
  };
}

/** A session that is ready, in `rooms`. */
function ready(...rooms: Room[]) {
  const subject = session();
  subject.step({ type: 'open', rooms, positions: {} });
  for (const room of rooms) subject.step({ type: 'row', row: row(room) });
  return subject;
}

const types = (effects: SessionEffect[]) => effects.map((effect) => effect.type);

describe('a session', () => {
  it('joins the rooms of its principal from the positions the client sent for them, and no others', () => {
    const positions = { 'parent:1': formatPosition('e', 3), 'parent:2': formatPosition('e', 4) };
    expect(session().step({ type: 'open', rooms: ['parent:1', 'class:7'], positions })).toEqual([
      { type: 'join', room: 'parent:1', since: 'e:3' },
      { type: 'join', room: 'class:7' },
    ]);
  });

  it('is ready at once without rooms', () => {
    expect(session().step({ type: 'open', rooms: [], positions: {} })).toEqual([{ type: 'ready', rows: [] }]);
  });

  it('says ready once, with every row, and only then takes frames', () => {
    const subject = session();
    subject.step({ type: 'open', rooms: ['a:1', 'a:2'], positions: {} });
    expect(subject.step({ type: 'row', row: row('a:1') })).toEqual([]);
    expect(subject.step({ type: 'row', row: row('a:2') })).toEqual([
      { type: 'ready', rows: [row('a:1'), row('a:2')] },
      { type: 'enter', room: 'a:1' },
      { type: 'enter', room: 'a:2' },
    ]);
  });

  it('holds frames until the row is sent, then sends those the row does not hold', () => {
    const subject = session();
    subject.step({ type: 'open', rooms: ['a:1', 'a:2'], positions: {} });
    subject.step({ type: 'frame', room: 'a:1', frame: frame('a:1', 5) });
    subject.step({ type: 'row', row: row('a:1', 5) });
    subject.step({ type: 'frame', room: 'a:1', frame: frame('a:1', 6) });
    const effects = subject.step({ type: 'row', row: row('a:2') });
    expect(types(effects)).toEqual(['ready', 'enter', 'frame', 'enter']);
    expect(effects[2]).toEqual({ type: 'frame', frame: frame('a:1', 6) });
  });

  it('sends one resync instead of more held frames than it keeps', () => {
    const subject = session();
    subject.step({ type: 'open', rooms: ['a:1'], positions: {} });
    for (let offset = 1; offset <= 100; offset += 1) {
      subject.step({ type: 'frame', room: 'a:1', frame: frame('a:1', offset) });
    }
    const effects = subject.step({ type: 'row', row: row('a:1', 2) });
    expect(effects.slice(2)).toEqual([
      { type: 'frame', frame: { event: 'resync', message: { room: 'a:1', position: 'e:2', reason: 'overflow' } } },
    ]);
  });

  it('gives that resync the largest spread of the frames it stands for, first or last', () => {
    for (const spreadAt of [1, 100]) {
      const subject = session();
      subject.step({ type: 'open', rooms: ['a:1'], positions: {} });
      for (let offset = 1; offset <= 100; offset += 1) {
        const spread = offset === spreadAt ? { spreadMs: 2_000 } : {};
        subject.step({ type: 'frame', room: 'a:1', frame: frame('a:1', offset, spread) });
      }
      const effects = subject.step({ type: 'row', row: row('a:1') });
      expect(effects.at(-1)).toMatchObject({ frame: { event: 'resync', message: { spreadMs: 2_000 } } });
    }
  });

  it('is ready without the rows the broker cannot answer; they follow as joined', () => {
    const subject = session();
    subject.step({ type: 'open', rooms: ['a:1', 'a:2'], positions: {} });
    subject.step({ type: 'delayed', room: 'a:1' });
    expect(subject.step({ type: 'delayed', room: 'a:2' })).toEqual([{ type: 'ready', rows: [] }]);
    expect(subject.step({ type: 'row', row: row('a:2') })).toEqual([
      { type: 'joined', rows: [row('a:2')] },
      { type: 'enter', room: 'a:2' },
    ]);
  });

  it('answers a subscribe with the row before the frames it held', () => {
    const subject = ready('a:1');
    expect(subject.step({ type: 'subscribe', room: 'class:7', allowed: true, ack: 1 })).toEqual([
      { type: 'join', room: 'class:7' },
    ]);
    subject.step({ type: 'frame', room: 'class:7', frame: frame('class:7', 6) });
    expect(types(subject.step({ type: 'row', row: row('class:7', 5) }))).toEqual(['ack_row', 'enter', 'frame']);
  });

  it('holds the frames of a member that found a gap until its new row is sent', () => {
    const subject = ready('a:1');
    const position = formatPosition('e', 3);
    expect(subject.step({ type: 'subscribe', room: 'a:1', position, allowed: false, ack: 1 })).toEqual([
      { type: 'exit', room: 'a:1' },
      { type: 'join', room: 'a:1', since: position },
    ]);
    subject.step({ type: 'frame', room: 'a:1', frame: frame('a:1', 9) });
    expect(types(subject.step({ type: 'row', row: row('a:1', 8) }))).toEqual(['ack_row', 'enter', 'frame']);
  });

  it('refuses a room it has no right to', () => {
    expect(ready('parent:1').step({ type: 'subscribe', room: 'parent:2', allowed: false, ack: 1 })).toMatchObject([
      { type: 'refuse', code: 'forbidden' },
    ]);
  });

  it('refuses a second subscribe while the first is under way', () => {
    const subject = ready('a:1');
    subject.step({ type: 'subscribe', room: 'class:7', allowed: true, ack: 1 });
    expect(subject.step({ type: 'subscribe', room: 'class:7', allowed: true, ack: 2 })).toMatchObject([
      { type: 'refuse', ack: 2, code: 'rate_limited' },
    ]);
  });

  it('refuses a subscribe before it is ready, and joins its rooms as if nothing had been asked', () => {
    const subject = session();
    const refused = (room: Room, ack: number) =>
      expect(subject.step({ type: 'subscribe', room, allowed: true, ack })).toMatchObject([
        { type: 'refuse', ack, code: 'rate_limited' },
      ]);
    // Before its rooms are known, and while they are joined.
    refused('a:1', 1);
    expect(subject.step({ type: 'open', rooms: ['a:1'], positions: {} })).toEqual([{ type: 'join', room: 'a:1' }]);
    refused('class:7', 2);
    expect(types(subject.step({ type: 'row', row: row('a:1') }))).toEqual(['ready', 'enter']);
  });

  it('takes so many extra rooms and no more', () => {
    const subject = ready('a:1');
    for (let index = 0; index < MAX_EXTRA_ROOMS; index += 1) {
      expect(types(subject.step({ type: 'subscribe', room: `class:${index}`, allowed: true, ack: index }))).toEqual([
        'join',
      ]);
    }
    expect(subject.step({ type: 'subscribe', room: 'class:x', allowed: true, ack: 99 })).toMatchObject([
      { type: 'refuse', code: 'too_many_rooms' },
    ]);
  });

  it('refuses a subscribe the broker cannot answer and forgets the extra room', () => {
    const subject = ready('a:1');
    subject.step({ type: 'subscribe', room: 'class:7', allowed: true, ack: 1 });
    expect(subject.step({ type: 'delayed', room: 'class:7' })).toMatchObject([
      { type: 'refuse', ack: 1, code: 'broker_unavailable' },
      { type: 'leave', room: 'class:7' },
    ]);
  });

  it('keeps an own room whose repair the broker cannot answer; its row follows', () => {
    const subject = ready('a:1');
    subject.step({ type: 'subscribe', room: 'a:1', allowed: true, ack: 1 });
    expect(types(subject.step({ type: 'delayed', room: 'a:1' }))).toEqual(['refuse']);
    expect(types(subject.step({ type: 'row', row: row('a:1') }))).toEqual(['joined', 'enter']);
  });

  it('leaves an extra room on request but never its own', () => {
    const subject = ready('a:1');
    subject.step({ type: 'subscribe', room: 'class:7', allowed: true, ack: 1 });
    subject.step({ type: 'row', row: row('class:7') });
    expect(types(subject.step({ type: 'unsubscribe', room: 'class:7', ack: 2 }))).toEqual(['exit', 'leave', 'ack_ok']);
    expect(types(subject.step({ type: 'unsubscribe', room: 'class:7', ack: 3 }))).toEqual(['ack_ok']);
    expect(subject.step({ type: 'unsubscribe', room: 'a:1', ack: 4 })).toMatchObject([{ code: 'forbidden' }]);
  });

  it('leaves every room when it closes, and does nothing afterwards', () => {
    const subject = ready('a:1', 'a:2');
    expect(subject.step({ type: 'close' })).toEqual([
      { type: 'leave', room: 'a:1' },
      { type: 'leave', room: 'a:2' },
    ]);
    expect(subject.step({ type: 'row', row: row('a:1') })).toEqual([]);
    expect(subject.step({ type: 'open', rooms: ['a:3'], positions: {} })).toEqual([]);
  });
});

describe('a slow session', () => {
  const framed = (room: Room, offset: number) => ({ type: 'frame' as const, room, frame: frame(room, offset) });

  it('takes no frames directly until its socket has drained, then all that was kept as one', () => {
    const subject = ready('a:1');
    expect(subject.step({ type: 'slow' })).toEqual([{ type: 'pause', room: 'a:1' }]);
    for (const offset of [6, 7, 8]) expect(subject.step(framed('a:1', offset))).toEqual([]);
    expect(subject.step({ type: 'drained' })).toEqual([
      { type: 'enter', room: 'a:1' },
      {
        type: 'frame',
        frame: { event: 'invalidate', message: { room: 'a:1', prev: 'e:5', position: 'e:8', keys: [['k']], at: 1 } },
      },
    ]);
    expect(subject.step({ type: 'drained' })).toEqual([]);
  });

  it('pauses what it takes directly and nothing else, however often it is told', () => {
    const subject = ready('a:1', 'a:2');
    subject.step({ type: 'slow' });
    expect(subject.step({ type: 'slow' })).toEqual([]);
    subject.step({ type: 'drained' });
    subject.step({ type: 'subscribe', room: 'a:1', allowed: true, ack: 1 });
    expect(subject.step({ type: 'slow' })).toEqual([{ type: 'pause', room: 'a:2' }]);
  });

  it('gets one room at a time, each its turn, while the rest stays kept', () => {
    const subject = ready('a:1', 'a:2', 'a:3');
    subject.step({ type: 'slow' });
    for (const room of ['a:1', 'a:3'] as const) subject.step(framed(room, 6));
    expect(subject.step({ type: 'drained' })).toMatchObject([
      { type: 'enter', room: 'a:1' },
      { type: 'frame', frame: { message: { room: 'a:1' } } },
      { type: 'enter', room: 'a:2' },
    ]);
    // Slow again, and busy in the same room: the other one comes first now.
    subject.step({ type: 'slow' });
    subject.step(framed('a:1', 7));
    const effects = subject.step({ type: 'drained' });
    expect(effects.filter(({ type }) => type === 'frame')).toMatchObject([{ frame: { message: { room: 'a:3' } } }]);
    expect(subject.step({ type: 'drained' })).toMatchObject([
      { type: 'enter', room: 'a:1' },
      { type: 'frame', frame: { message: { prev: 'e:6', position: 'e:7' } } },
    ]);
  });

  it('gets rows that were under way, and keeps what the row does not hold', () => {
    const subject = ready('a:1');
    subject.step({ type: 'subscribe', room: 'class:7', allowed: true, ack: 1 });
    subject.step({ type: 'slow' });
    for (const offset of [5, 6]) subject.step(framed('class:7', offset));
    expect(types(subject.step({ type: 'row', row: row('class:7', 5) }))).toEqual(['ack_row']);
    subject.step(framed('class:7', 7));
    expect(subject.step({ type: 'drained' }).at(-1)).toMatchObject({
      frame: { message: { room: 'class:7', prev: 'e:5', position: 'e:7' } },
    });
  });

  it('joins nothing new: the row would only wait as well', () => {
    const subject = ready('a:1');
    subject.step({ type: 'slow' });
    for (const room of ['a:1', 'class:7'] as const) {
      expect(subject.step({ type: 'subscribe', room, allowed: true, ack: 1 })).toMatchObject([
        { type: 'refuse', code: 'rate_limited' },
      ]);
    }
    subject.step({ type: 'drained' });
    expect(types(subject.step({ type: 'subscribe', room: 'class:7', allowed: true, ack: 2 }))).toEqual(['join']);
  });

  it('can leave a room of which something was kept, and close', () => {
    const subject = ready('a:1');
    subject.step({ type: 'subscribe', room: 'class:7', allowed: true, ack: 1 });
    subject.step({ type: 'row', row: row('class:7') });
    subject.step({ type: 'slow' });
    subject.step(framed('class:7', 6));
    expect(types(subject.step({ type: 'unsubscribe', room: 'class:7', ack: 2 }))).toEqual(['exit', 'leave', 'ack_ok']);
    expect(subject.step({ type: 'close' })).toEqual([{ type: 'leave', room: 'a:1' }]);
    expect(subject.step({ type: 'drained' })).toEqual([]);
  });
});
