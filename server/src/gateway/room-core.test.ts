import { type Envelope, formatPosition, type QueryKey } from '@querycast/protocol';
import { describe, expect, it } from 'vitest';
import type { LogRead } from '../broker/broker.js';
import { stepRoom } from './room-core.js';
import { openRoom, type RoomEffect, type RoomEvent, type RoomState, type Waiter, wakeAt } from './room-state.js';

const at = (offset: number, epoch = 'e') => formatPosition(epoch, offset);
const key = (name: string): QueryKey => [name];

function envelope(offset: number, names: string[] = [`k${offset}`], more: Partial<Envelope> = {}): Envelope {
  return { room: 'parent:1', prev: at(offset - 1), position: at(offset), keys: names.map(key), at: offset, ...more };
}

function read(offset: number, status: LogRead['status'], names: string[] = [], epoch = 'e'): LogRead {
  const cause = status === 'resync' ? { cause: 'epoch' as const } : {};
  return { position: at(offset, epoch), status, keys: names.map(key), incarnation: 'i', ...cause };
}

const S = { session: 's', join: 1 };
const T = { session: 't', join: 2 };
const U = { session: 'u', join: 3 };
const V = { session: 'v', join: 4 };
const [S0, T0, V0] = [S, T, V].map((waiter) => ({ ...waiter, since: at(0) })) as [Waiter, Waiter, Waiter];

/** A room under test: steps it and collects what it wants done. */
function room(exposeReason = false) {
  let [state, effects]: [RoomState, RoomEffect[]] = openRoom('parent:1', { exposeReason, resyncSpreadMs: 2_000 });
  let now = 0;
  const seen: RoomEffect[] = [...effects];
  return {
    step(event: RoomEvent, ms = 0): RoomEffect[] {
      now += ms;
      [state, effects] = stepRoom(state, event, now);
      seen.push(...effects);
      return effects;
    },
    get state() {
      return state;
    },
    get now() {
      return now;
    },
  };
}

/** A room with its subscription open and its head known. */
function openAt(offset: number, exposeReason = false) {
  const subject = room(exposeReason);
  subject.step({ type: 'join', waiter: S });
  subject.step({ type: 'subscribed' });
  subject.step({ type: 'row_read', waiters: [S], read: read(offset, 'fresh') });
  return subject;
}

const emitted = (effects: RoomEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'emit' ? [effect.frame.message] : []));

describe('a room', () => {
  it('reads no row before its subscription stands, so that nothing falls between the two', () => {
    const subject = room();
    expect(subject.step({ type: 'join', waiter: S })).toEqual([]);
    expect(subject.step({ type: 'subscribed' })).toEqual([{ type: 'read_row', waiters: [S] }]);
  });

  it('sends the first invalidation at once and merges those that follow within the window', () => {
    const subject = openAt(0);
    expect(emitted(subject.step({ type: 'envelope', envelope: envelope(1) }))).toMatchObject([
      { prev: at(0), position: at(1), keys: [['k1']] },
    ]);
    expect(emitted(subject.step({ type: 'envelope', envelope: envelope(2) }, 1))).toEqual([]);
    expect(emitted(subject.step({ type: 'envelope', envelope: envelope(3) }, 1))).toEqual([]);
    const end = wakeAt(subject.state) ?? Number.NaN;
    expect(emitted(subject.step({ type: 'wake' }, end - subject.now))).toEqual([
      { room: 'parent:1', prev: at(1), position: at(3), keys: [['k2'], ['k3']], at: 2 },
    ]);
  });

  it('sends a thousand invalidations in 100 ms as at most five frames, the last within 60 ms', () => {
    const subject = openAt(0);
    const frames: { at: number; position: string }[] = [];
    const note = (effects: RoomEffect[]) =>
      frames.push(...emitted(effects).map(({ position }) => ({ at: subject.now, position })));
    const wakeUntil = (time: number) => {
      for (let due = wakeAt(subject.state); due !== undefined && due <= time; due = wakeAt(subject.state)) {
        note(subject.step({ type: 'wake' }, due - subject.now));
      }
    };
    for (let offset = 1; offset <= 1_000; offset += 1) {
      const time = offset / 10;
      wakeUntil(time);
      note(subject.step({ type: 'envelope', envelope: envelope(offset, ['k']) }, time - subject.now));
    }
    wakeUntil(Number.POSITIVE_INFINITY);
    expect(frames.length).toBeLessThanOrEqual(5);
    expect(frames[0]).toEqual({ at: 0.1, position: at(1) });
    expect(frames.at(-1)).toMatchObject({ position: at(1_000) });
    expect(frames.at(-1)?.at).toBeLessThanOrEqual(160);
  });

  it('ignores what it has seen already', () => {
    const subject = openAt(5);
    expect(subject.step({ type: 'envelope', envelope: envelope(5) })).toEqual([]);
    expect(subject.step({ type: 'envelope', envelope: envelope(3) })).toEqual([]);
  });

  it('reads the log at a hole and never emits across it', () => {
    const subject = openAt(1);
    expect(subject.step({ type: 'envelope', envelope: envelope(4) })).toEqual([{ type: 'read_repair', since: at(1) }]);
    expect(subject.step({ type: 'envelope', envelope: envelope(5) })).toEqual([]);
    const effects = subject.step({
      type: 'repair_read',
      read: read(4, 'recovered', ['k2', 'k3', 'k4']),
      at: 99,
      isEverywhere: false,
    });
    expect(emitted(effects)).toMatchObject([{ prev: at(1), position: at(4), keys: [['k2'], ['k3'], ['k4']], at: 4 }]);
    expect(emitted(subject.step({ type: 'wake' }, 1_000))).toMatchObject([{ prev: at(4), position: at(5) }]);
  });

  it('sends one resync when the log cannot bridge the hole, and nothing that was pending before', () => {
    const subject = openAt(0);
    subject.step({ type: 'envelope', envelope: envelope(1) });
    subject.step({ type: 'envelope', envelope: envelope(2) });
    const strange = { ...envelope(8), prev: at(7, 'other'), position: at(8, 'other') };
    expect(subject.step({ type: 'envelope', envelope: strange })).toEqual([{ type: 'read_repair', since: at(2) }]);
    const effects = subject.step({
      type: 'repair_read',
      read: read(8, 'resync', [], 'other'),
      at: 9,
      isEverywhere: false,
    });
    expect(emitted(effects)).toEqual([
      { room: 'parent:1', position: at(8, 'other'), reason: 'epoch', spreadMs: 2_000 },
    ]);
    expect(emitted(subject.step({ type: 'wake' }, 1_000))).toEqual([]);
  });

  it('notices a recreated sequence from a row before any envelope tells', () => {
    const subject = openAt(3);
    subject.step({ type: 'join', waiter: T });
    expect(subject.step({ type: 'row_read', waiters: [T], read: read(0, 'fresh', [], 'other') })).toContainEqual({
      type: 'read_repair',
      since: at(3),
    });
  });

  it('keeps what arrives while the first row is read, and sends only what the row does not hold', () => {
    const subject = room();
    subject.step({ type: 'join', waiter: S });
    subject.step({ type: 'subscribed' });
    for (const offset of [1, 2, 3]) subject.step({ type: 'envelope', envelope: envelope(offset) });
    const effects = subject.step({ type: 'row_read', waiters: [S], read: read(2, 'fresh') });
    expect(effects[0]).toMatchObject({ type: 'row', row: { position: at(2) } });
    expect(emitted(effects)).toMatchObject([{ prev: at(2), position: at(3) }]);
  });

  it('reads once more when more arrived during a repair than it keeps', () => {
    const subject = openAt(0);
    for (let offset = 2; offset <= 1_100; offset += 1) {
      subject.step({ type: 'envelope', envelope: envelope(offset, ['k']) });
    }
    const effects = subject.step({
      type: 'repair_read',
      read: read(2, 'recovered', ['k']),
      at: 1,
      isEverywhere: false,
    });
    expect(effects).toContainEqual({ type: 'read_repair', since: at(2) });
    const rest = subject.step({
      type: 'repair_read',
      read: read(1_100, 'recovered', ['k']),
      at: 1,
      isEverywhere: false,
    });
    expect(emitted([...rest, ...subject.step({ type: 'wake' }, 1_000)]).at(-1)).toMatchObject({ position: at(1_100) });
  });

  it('reads once for a straggler of an epoch that is gone, not for ever', () => {
    const subject = openAt(4);
    const straggler = { ...envelope(6), prev: at(5, 'old'), position: at(6, 'old') };
    expect(subject.step({ type: 'envelope', envelope: straggler })).toEqual([{ type: 'read_repair', since: at(4) }]);
    subject.step({ type: 'envelope', envelope: { ...straggler, position: at(7, 'old') } });
    const again = subject.step({ type: 'repair_read', read: read(4, 'recovered'), at: 1, isEverywhere: false });
    expect(again).toEqual([{ type: 'read_repair', since: at(4) }]);
    expect(subject.step({ type: 'repair_read', read: read(4, 'recovered'), at: 1, isEverywhere: false })).toEqual([]);
    expect(emitted(subject.step({ type: 'envelope', envelope: envelope(5) }))).toMatchObject([{ position: at(5) }]);
  });

  it('finds the hole when more arrived before its first row than it keeps', () => {
    const subject = room();
    subject.step({ type: 'join', waiter: S });
    subject.step({ type: 'subscribed' });
    for (let offset = 1; offset <= 1_025; offset += 1) subject.step({ type: 'envelope', envelope: envelope(offset) });
    const effects = subject.step({ type: 'row_read', waiters: [S], read: read(0, 'fresh') });
    expect(effects).toContainEqual({ type: 'read_repair', since: at(0) });
  });

  it('tells waiting sessions that the broker does not answer, tries again later and longer each time', () => {
    const subject = room();
    subject.step({ type: 'join', waiter: S });
    expect(subject.step({ type: 'subscribe_failed' })).toEqual([{ type: 'delayed', waiter: S }]);
    const first = (wakeAt(subject.state) ?? 0) - subject.now;
    expect(subject.step({ type: 'wake' }, first)).toEqual([{ type: 'subscribe' }]);
    subject.step({ type: 'subscribe_failed' });
    const second = (wakeAt(subject.state) ?? 0) - subject.now;
    expect(second).toBeGreaterThan(first);
    subject.step({ type: 'wake' }, second);
    expect(subject.step({ type: 'subscribed' })).toEqual([{ type: 'read_row', waiters: [S] }]);
  });

  it('reads one row at a time until its head is known: answers that cross would leave a gap', () => {
    const subject = room();
    for (const waiter of [S, T0]) subject.step({ type: 'join', waiter });
    expect(subject.step({ type: 'subscribed' })).toEqual([{ type: 'read_row', waiters: [S] }]);
    expect(subject.step({ type: 'join', waiter: U })).toEqual([]);
    const effects = subject.step({ type: 'row_read', waiters: [S], read: read(2, 'fresh') });
    expect(effects.filter(({ type }) => type === 'read_row')).toEqual([
      { type: 'read_row', since: at(0), waiters: [T0] },
      { type: 'read_row', waiters: [U] },
    ]);
  });

  it('reads one row for all who wait and resume from the same position', () => {
    const subject = openAt(2);
    subject.step({ type: 'join', waiter: S });
    for (const waiter of [T0, U, V0]) expect(subject.step({ type: 'join', waiter })).toEqual([]);
    const effects = subject.step({ type: 'row_read', waiters: [S], read: read(2, 'fresh') });
    expect(effects).toEqual([
      expect.objectContaining({ type: 'row', waiter: S }),
      { type: 'read_row', since: at(0), waiters: [T0, V0] },
      { type: 'read_row', waiters: [U] },
    ]);
    const rows = subject.step({ type: 'row_read', waiters: [T0, V0], read: read(2, 'recovered', ['k1', 'k2']) });
    expect(rows).toMatchObject([
      { type: 'row', waiter: T0, row: { status: 'recovered', position: at(2) } },
      { type: 'row', waiter: V0, row: { status: 'recovered', position: at(2) } },
    ]);
  });

  it('reads anew for who comes while a row is read: that may lack what was published since', () => {
    const subject = openAt(2);
    expect(subject.step({ type: 'join', waiter: T })).toEqual([{ type: 'read_row', waiters: [T] }]);
    expect(subject.step({ type: 'join', waiter: U })).toEqual([]);
    const effects = subject.step({ type: 'row_read', waiters: [T], read: read(2, 'fresh') });
    expect(effects).toEqual([expect.objectContaining({ type: 'row', waiter: T }), { type: 'read_row', waiters: [U] }]);
  });

  it('reads for who came meanwhile once all reads are over, also when one failed, and not before it is subscribed', () => {
    const subject = openAt(2);
    subject.step({ type: 'swept', position: at(3) });
    subject.step({ type: 'join', waiter: S });
    for (const waiter of [T, V0]) subject.step({ type: 'join', waiter });
    subject.step({ type: 'row_read', waiters: [S], read: read(2, 'fresh') });
    subject.step({ type: 'join', waiter: U });
    expect(subject.step({ type: 'row_read_failed', waiters: [T] })).toEqual([
      { type: 'delayed', waiter: U },
      { type: 'delayed', waiter: T },
    ]);
    // What the sweep found: the room is subscribed anew, and until it is nobody's row is read.
    subject.step({ type: 'wake' }, 1_000);
    subject.step({ type: 'repair_read', read: read(3, 'recovered', ['k3']), at: 1, isEverywhere: false });
    expect(subject.state.subscription).toBe('opening');
    const over = subject.step({ type: 'row_read', waiters: [V0], read: read(2, 'recovered') });
    expect(over).toEqual([expect.objectContaining({ type: 'row', waiter: V0 })]);
    expect(subject.step({ type: 'subscribed' })).toContainEqual({ type: 'read_row', waiters: [U, T] });
  });

  it('goes on with the next session when the first one left before its row could be read', () => {
    const subject = room();
    for (const waiter of [S, T0]) subject.step({ type: 'join', waiter });
    subject.step({ type: 'subscribed' });
    const failed = subject.step({ type: 'row_read_failed', waiters: [] });
    expect(failed).toEqual([{ type: 'delayed', waiter: T0 }]);
    const wait = (wakeAt(subject.state) ?? 0) - subject.now;
    expect(subject.step({ type: 'wake' }, wait)).toEqual([{ type: 'read_row', since: at(0), waiters: [T0] }]);
  });

  it('does not read for whoever comes while others wait for the next attempt: one attempt reads for all', () => {
    const subject = openAt(2);
    subject.step({ type: 'join', waiter: T });
    subject.step({ type: 'row_read_failed', waiters: [T] });
    expect(subject.step({ type: 'join', waiter: U })).toEqual([{ type: 'delayed', waiter: U }]);
    const wait = (wakeAt(subject.state) ?? 0) - subject.now;
    expect(subject.step({ type: 'wake' }, wait)).toEqual([{ type: 'read_row', waiters: [T, U] }]);
  });

  it('reads a late row when the broker is back', () => {
    const subject = room();
    subject.step({ type: 'join', waiter: S });
    subject.step({ type: 'subscribed' });
    subject.step({ type: 'row_read_failed', waiters: [S] });
    expect(subject.step({ type: 'broker_back' })).toEqual([{ type: 'read_row', waiters: [S] }]);
  });

  it('re-reads its log when the broker is back, for nobody knows what was lost', () => {
    const subject = openAt(7);
    expect(subject.step({ type: 'broker_back' })).toEqual([{ type: 'read_repair', since: at(7) }]);
    const effects = subject.step({
      type: 'repair_read',
      read: read(9, 'recovered', ['k8', 'k9']),
      at: 50,
      isEverywhere: false,
    });
    expect(emitted(effects)).toMatchObject([{ prev: at(7), position: at(9), at: 50 }]);
  });

  it('tries a failed repair again', () => {
    const subject = openAt(1);
    subject.step({ type: 'envelope', envelope: envelope(3) });
    subject.step({ type: 'repair_failed' });
    const wait = (wakeAt(subject.state) ?? 0) - subject.now;
    expect(subject.step({ type: 'wake' }, wait)).toEqual([{ type: 'read_repair', since: at(1) }]);
  });

  it('answers a row too large for a client with resync', () => {
    const subject = room();
    subject.step({ type: 'join', waiter: S0 });
    subject.step({ type: 'subscribed' });
    const keys = Array.from({ length: 256 }, (_, index) => `${index}${'x'.repeat(500)}`);
    expect(subject.step({ type: 'row_read', waiters: [S0], read: read(256, 'recovered', keys) })[0]).toMatchObject({
      row: { status: 'resync', keys: [], position: at(256) },
    });
  });

  it('shows the reason only when told to, and only when all merged invalidations share it', () => {
    const reasonOf = (subject: ReturnType<typeof room>, offset: number, reason: string) =>
      emitted(subject.step({ type: 'envelope', envelope: envelope(offset, undefined, { reason }) }, 1_000))[0];
    expect(reasonOf(openAt(0), 1, 'why')).not.toHaveProperty('reason');
    const open = openAt(0, true);
    expect(reasonOf(open, 1, 'why')).toHaveProperty('reason', 'why');
    open.step({ type: 'envelope', envelope: envelope(2, undefined, { reason: 'why' }) });
    open.step({ type: 'envelope', envelope: envelope(3, undefined, { reason: 'other' }) });
    expect(emitted(open.step({ type: 'wake' }, 1_000))[0]).not.toHaveProperty('reason');
  });

  it('does not change the state it was given', () => {
    const subject = openAt(0);
    const before = JSON.stringify(subject.state, (_, value) => (value === Number.NEGATIVE_INFINITY ? 'never' : value));
    const frozen = Object.freeze(subject.state);
    stepRoom(frozen, { type: 'envelope', envelope: envelope(1) }, 1);
    stepRoom(frozen, { type: 'envelope', envelope: envelope(3) }, 1);
    stepRoom(frozen, { type: 'join', waiter: U }, 1);
    expect(JSON.stringify(frozen, (_, value) => (value === Number.NEGATIVE_INFINITY ? 'never' : value))).toBe(before);
  });
});
