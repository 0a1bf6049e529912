import { formatPosition } from '@querycast/protocol';
import { describe, expect, it } from 'vitest';
import type { LogRead } from '../broker/broker.js';
import { stepRoom } from './room-core.js';
import { openRoom, type RoomEffect, type RoomEvent, wakeAt } from './room-state.js';

const at = (offset: number, epoch = 'e') => formatPosition(epoch, offset);

const read = (offset: number, more: Partial<LogRead> = {}): LogRead => ({
  position: at(offset),
  status: 'recovered',
  keys: [['k', offset]],
  incarnation: 'i',
  ...more,
});

/** A room at `e:1`. */
function roomAtOne() {
  let [state] = openRoom('parent:1', { exposeReason: false, resyncSpreadMs: 2_000 });
  let now = 0;
  const step = (event: RoomEvent, ms = 0): RoomEffect[] => {
    now += ms;
    const [next, effects] = stepRoom(state, event, now);
    state = next;
    return effects;
  };
  const waiter = { session: 's', join: 1 };
  step({ type: 'join', waiter });
  step({ type: 'subscribed' });
  step({ type: 'row_read', waiters: [waiter], read: read(1, { status: 'fresh', keys: [] }) });
  return {
    step,
    hear: (offset: number, ms = 0) =>
      step(
        {
          type: 'envelope',
          envelope: { room: 'parent:1', prev: at(offset - 1), position: at(offset), keys: [['k', offset]], at: offset },
        },
        ms,
      ),
    swept: (offset: number, epoch?: string) => step({ type: 'swept', position: at(offset, epoch) }),
    repaired: (answer: LogRead) => step({ type: 'repair_read', read: answer, at: 9, isEverywhere: false }),
    /** When it wants to be woken, from now. */
    wakeIn: () => (wakeAt(state) ?? Number.NaN) - now,
    wake: () => step({ type: 'wake' }, (wakeAt(state) ?? now) - now),
  };
}

describe('a room that is compared with its log', () => {
  it('and has heard everything reads nothing', () => {
    const room = roomAtOne();
    expect(room.swept(1)).toEqual([{ type: 'swept', result: 'same' }]);
    expect(room.wakeIn()).toBeNaN();
  });

  it('whose log is ahead waits a second for what may be on its way, and sends meanwhile what it hears', () => {
    const room = roomAtOne();
    expect(room.swept(3)).toEqual([]);
    expect(room.wakeIn()).toBe(1_000);
    expect(room.hear(2, 10)).toMatchObject([{ type: 'emit', frame: { message: { position: at(2) } } }]);
    room.hear(3, 900);
    expect(room.wake()).toEqual([{ type: 'swept', result: 'same' }]);
  });

  it('whose log is ahead for good is repaired, and says so once, and subscribed anew', () => {
    const room = roomAtOne();
    room.swept(3);
    expect(room.wake()).toEqual([{ type: 'read_repair', since: at(1) }]);
    expect(room.repaired(read(3))).toMatchObject([
      { type: 'repaired', result: 'recovered' },
      { type: 'emit', frame: { event: 'invalidate', message: { prev: at(1), position: at(3) } } },
      { type: 'swept', result: 'recovered' },
      { type: 'resubscribe' },
    ]);
    expect(room.step({ type: 'subscribed' })).toEqual([{ type: 'read_repair', since: at(3) }]);
    room.repaired(read(3, { keys: [] }));
    expect(room.swept(3)).toEqual([{ type: 'swept', result: 'same' }]);
  });

  it('whose log begins anew is repaired with a resync', () => {
    const room = roomAtOne();
    room.swept(0, 'f');
    room.wake();
    const lost = { position: at(0, 'f'), status: 'resync', cause: 'epoch', keys: [] } as const;
    expect(room.repaired(read(0, lost))).toMatchObject([
      { type: 'repaired', result: 'resync' },
      { type: 'emit', frame: { event: 'resync', message: { position: at(0, 'f') } } },
      { type: 'swept', result: 'resync' },
      { type: 'resubscribe' },
    ]);
  });

  it('by an answer that is older than what it heard since has missed nothing', () => {
    const room = roomAtOne();
    room.hear(2);
    expect(room.swept(1)).toEqual([{ type: 'swept', result: 'same' }]);
  });

  it('while it is being repaired leaves that to the repair', () => {
    const room = roomAtOne();
    room.hear(3);
    expect(room.swept(3)).toEqual([]);
    room.repaired(read(3));
    expect(room.swept(3)).toEqual([{ type: 'swept', result: 'same' }]);
  });

  it('is not compared until it is subscribed anew, and what came in between is read then', () => {
    const room = roomAtOne();
    room.swept(2);
    room.wake();
    room.repaired(read(2));
    expect(room.swept(4)).toEqual([]);
    room.step({ type: 'subscribe_failed' });
    expect(room.wake()).toContainEqual({ type: 'subscribe' });
    expect(room.step({ type: 'subscribed' })).toEqual([{ type: 'read_repair', since: at(2) }]);
    expect(room.repaired(read(4))).toContainEqual({ type: 'repaired', result: 'recovered' });
  });

  it('and finds a hole by itself while it waits has nothing to be counted', () => {
    const room = roomAtOne();
    room.swept(3);
    expect(room.hear(4)).toEqual([{ type: 'read_repair', since: at(1) }]);
    // Not before the repair is done: what it is suspected to lack may be in there or not.
    expect(room.wake()).toEqual([]);
    room.repaired(read(4));
    expect(room.wake()).toContainEqual({ type: 'swept', result: 'same' });
  });

  it('by a process that stood still has missed nothing that came right after: it is neither counted nor subscribed anew', () => {
    const room = roomAtOne();
    room.swept(3);
    // The timer is called before what has arrived is read.
    expect(room.wake()).toEqual([{ type: 'read_repair', since: at(1) }]);
    for (const offset of [2, 3, 4]) room.hear(offset, 1);
    const effects = room.repaired(read(5));
    expect(effects).toContainEqual({ type: 'swept', result: 'same' });
    expect(effects).not.toContainEqual({ type: 'resubscribe' });
  });

  it('has missed what did not come, though something else came right after', () => {
    const room = roomAtOne();
    room.swept(3);
    room.wake();
    for (const offset of [2, 4]) room.hear(offset, 1);
    const effects = room.repaired(read(4));
    expect(effects).toContainEqual({ type: 'swept', result: 'recovered' });
    expect(effects).toContainEqual({ type: 'resubscribe' });
  });

  it('is counted though its repair must be tried again', () => {
    const room = roomAtOne();
    room.swept(3);
    room.wake();
    room.step({ type: 'repair_failed' });
    expect(room.wake()).toEqual([{ type: 'read_repair', since: at(1) }]);
    expect(room.repaired(read(3))).toContainEqual({ type: 'swept', result: 'recovered' });
  });
});
