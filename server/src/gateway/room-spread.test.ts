import { type Envelope, formatPosition } from '@querycast/protocol';
import { describe, expect, it } from 'vitest';
import type { LogRead } from '../broker/broker.js';
import { stepRoom } from './room-core.js';
import { openRoom, type RoomEvent, wakeAt } from './room-state.js';

const at = (offset: number, epoch = 'e') => formatPosition(epoch, offset);

function envelope(offset: number, spreadMs?: number): Envelope {
  const spread = spreadMs === undefined ? {} : { spreadMs };
  return { room: 'parent:1', prev: at(offset - 1), position: at(offset), keys: [['k', offset]], at: offset, ...spread };
}

const recovered = (offset: number): LogRead => ({
  position: at(offset),
  status: 'recovered',
  keys: [['k', offset]],
  incarnation: 'i',
});

const lost = (offset: number, cause: 'epoch' | 'floor'): LogRead => ({
  position: at(offset, cause === 'epoch' ? 'f' : 'e'),
  status: 'resync',
  cause,
  keys: [],
  incarnation: 'i',
});

/** A room at `e:1`; each step answers the messages that left, by event and spread. */
function roomAtOne(resyncSpreadMs = 2_000) {
  let [state] = openRoom('parent:1', { exposeReason: false, resyncSpreadMs });
  let now = 0;
  const step = (event: RoomEvent, ms = 0): [string, number | undefined][] => {
    now += ms;
    const [next, effects] = stepRoom(state, event, now);
    state = next;
    return effects.flatMap((effect) =>
      effect.type === 'emit' ? [[effect.frame.event, effect.frame.message.spreadMs]] : [],
    );
  };
  const waiter = { session: 's', join: 1 };
  step({ type: 'join', waiter });
  step({ type: 'subscribed' });
  step({ type: 'row_read', waiters: [waiter], read: { position: at(1), status: 'fresh', keys: [], incarnation: 'i' } });
  return {
    step,
    hear: (next: Envelope) => step({ type: 'envelope', envelope: next }),
    back: () => step({ type: 'broker_back' }),
    repaired: (read: LogRead, isEverywhere = false) => step({ type: 'repair_read', read, at: 9, isEverywhere }),
    wake: () => step({ type: 'wake' }, (wakeAt(state) ?? now) - now),
  };
}

describe('what the return of the broker causes', () => {
  it('is spread, whether the log bridges the time away or not', () => {
    const bridged = roomAtOne();
    bridged.back();
    expect(bridged.repaired(recovered(2))).toEqual([['invalidate', 2_000]]);
    for (const cause of ['epoch', 'floor'] as const) {
      const broken = roomAtOne();
      broken.back();
      expect(broken.repaired(lost(2, cause))).toEqual([['resync', 2_000]]);
    }
  });

  it('is spread though its read must be tried again', () => {
    const room = roomAtOne();
    room.back();
    room.step({ type: 'repair_failed' });
    room.wake();
    expect(room.repaired(recovered(2))).toEqual([['invalidate', 2_000]]);
  });

  it('is spread though a hole was being read when it came back', () => {
    const room = roomAtOne();
    room.hear(envelope(3));
    room.back();
    expect(room.repaired(recovered(3))).toEqual([['invalidate', 2_000]]);
    room.repaired(recovered(4));
    expect(room.wake()).toEqual([['invalidate', 2_000]]);
  });

  it('is spread though a hole is read before the room hears that the broker is back', () => {
    const room = roomAtOne();
    room.hear(envelope(3));
    expect(room.repaired(recovered(3), true)).toEqual([['invalidate', 2_000]]);
    room.back();
    expect(room.repaired(recovered(3))).toEqual([]);
  });

  it('is not spread when that is turned off', () => {
    const room = roomAtOne(0);
    room.back();
    expect(room.repaired(lost(2, 'epoch'))).toEqual([['resync', undefined]]);
  });

  it('ends with its repair: later changes and holes are one room alone', () => {
    const room = roomAtOne();
    room.back();
    room.repaired(recovered(2));
    room.hear(envelope(3));
    expect(room.wake()).toEqual([['invalidate', undefined]]);
    room.hear(envelope(5));
    room.repaired(recovered(5));
    expect(room.wake()).toEqual([['invalidate', undefined]]);
  });

  it('does not reach a room that had not been read before: its rows are fresh', () => {
    let [state] = openRoom('parent:1', { exposeReason: false, resyncSpreadMs: 2_000 });
    [state] = stepRoom(state, { type: 'broker_back' }, 0);
    expect(state.isSpread).toBe(false);
  });
});

describe('a hole', () => {
  it('that shows a new epoch is spread, for the server of the log has begun another life', () => {
    const room = roomAtOne();
    room.hear({ ...envelope(3), prev: at(2, 'f'), position: at(3, 'f') });
    expect(room.repaired(lost(3, 'epoch'))).toEqual([['resync', 2_000]]);
  });

  it('keeps the largest spread that its publishers asked for', () => {
    const room = roomAtOne();
    room.hear(envelope(3, 60_000));
    room.hear(envelope(4));
    expect(room.repaired(recovered(4))).toEqual([['invalidate', 60_000]]);
  });

  it('keeps the spread of envelopes that were too many to keep, until they are made up for', () => {
    const room = roomAtOne();
    room.hear(envelope(3));
    for (let offset = 4; offset < 1_100; offset += 1) room.hear(envelope(offset, 2_000));
    room.hear(envelope(1_100));
    expect(room.repaired(recovered(900))).toEqual([['invalidate', 2_000]]);
    room.repaired(recovered(1_100));
    expect(room.wake()).toEqual([['invalidate', 2_000]]);
    room.hear(envelope(1_101));
    expect(room.wake()).toEqual([['invalidate', undefined]]);
  });

  it('that cannot be filled keeps the spread of what its resync stands for', () => {
    const room = roomAtOne();
    room.hear(envelope(2));
    room.hear(envelope(3, 60_000));
    room.hear(envelope(5));
    expect(room.repaired(lost(5, 'floor'))).toEqual([['resync', 60_000]]);
  });
});
