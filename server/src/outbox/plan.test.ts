import type { QueryKey, Room } from '@querycast/protocol';
import { expect, test } from 'vitest';
import type { ClaimedRow } from './claim.js';
import { type Handled, type PlannedEnvelope, planEnvelopes } from './plan.js';
import type { Push } from './signal.js';

function row(id: string, incarnations: string[] = []): ClaimedRow {
  const change = { id, transaction: 'any', source: 'orders', operation: 'insert', old: null, new: null } as const;
  return { change, attempts: 0, incarnations, late: false, ageMs: 0 };
}

function handled(transaction: string, ids: string[], room: Room, ...keys: QueryKey[]): Handled {
  return { transaction, rows: ids.map((id) => row(id)), stale: { evict: [], push: [{ room, keys }] } };
}

function plan(...all: Handled[]): readonly PlannedEnvelope[] {
  return planEnvelopes(all, () => true);
}

function idOf(...all: Handled[]): string {
  const [envelope, ...others] = plan(...all);
  expect(others).toEqual([]);
  return envelope?.id ?? '';
}

test('the keys of all signals of a transaction are united per room, without what a shorter key covers', () => {
  const envelopes = plan(
    handled('7', ['1', '2'], 'parent:1', ['children'], ['child', 3]),
    handled('7', ['3'], 'parent:1', ['child'], ['children']),
    handled('7', ['3'], 'parent:2', ['children']),
    handled('8', ['4'], 'parent:1', ['children']),
  );
  expect(envelopes.map(({ id, ...rest }) => rest)).toEqual([
    { room: 'parent:1', keys: [['child'], ['children']], rows: ['1', '2', '3'], late: false, ageMs: 0, rooms: 2 },
    { room: 'parent:2', keys: [['children']], rows: ['3'], late: false, ageMs: 0, rooms: 2 },
    { room: 'parent:1', keys: [['children']], rows: ['4'], late: false, ageMs: 0, rooms: 1 },
  ]);
});

test('a signal that names a room without keys plans nothing for it', () => {
  expect(plan(handled('7', ['1'], 'parent:1'))).toEqual([]);
});

test('a room counts once among those of its transaction, however many keys it gets, and not without any', () => {
  const keys = Array.from({ length: 65 }, (_, index): QueryKey => ['child', index]);
  const envelopes = plan(
    handled('7', ['1'], 'parent:1', ...keys),
    handled('7', ['2'], 'parent:1', ['children']),
    handled('7', ['2'], 'parent:2'),
  );
  expect(envelopes.map(({ room, rooms }) => [room, rooms])).toEqual([
    ['parent:1', 1],
    ['parent:1', 1],
  ]);
});

test('however many rooms hear of however many rows, their ids are listed once', () => {
  const rows = Array.from({ length: 50 }, (_, index) => row(String(index)));
  const rooms = Array.from({ length: 50 }, (_, index) => `parent:${index}` as const);
  const signal = (source: readonly ClaimedRow[]): Handled => ({
    transaction: '7',
    rows: source,
    stale: { evict: [], push: rooms.map((room) => ({ room, keys: [['a']] })) },
  });
  const lists = plan(signal(rows.slice(0, 25)), signal(rows.slice(25))).map((envelope) => envelope.rows);
  expect(lists).toHaveLength(50);
  expect(new Set(lists).size).toBe(1);
  expect(lists[0]).toHaveLength(50);
});

test('the id fits the protocol, is one that no other door accepts, and does not depend on the order of rows or keys', () => {
  const id = idOf(handled('7', ['9', '10'], 'parent:1', ['a'], ['b', { x: 1, y: 2 }]));
  expect(id).toMatch(/^outbox:[A-Za-z0-9_-]{43}$/);
  expect(idOf(handled('7', ['10', '9'], 'parent:1', ['b', { y: 2, x: 1 }], ['a']))).toBe(id);
  expect(idOf(handled('7', ['10'], 'parent:1', ['a']), handled('7', ['9'], 'parent:1', ['b', { x: 1, y: 2 }]))).toBe(
    id,
  );
});

test('the id is the one that relays of other versions give to the same, for they may share the work', () => {
  const rows = [row('10', ['life-1']), row('9')];
  const push: Push[] = [{ room: 'parent:1', keys: [['b', { y: 2, x: 1 }], ['a "']] }];
  const ids = [true, false].map(
    (evicted) => planEnvelopes([{ transaction: '7', rows, stale: { evict: [], push } }], () => evicted)[0]?.id,
  );
  expect(ids).toEqual([
    'outbox:znULAPbEhGRUnOMQxWn-z9h50NGNx_qqnmeHsPhBonE',
    'outbox:HA-9SQTWpsaIC7T9mJkWykhtHyqwKZ62x2_H_6bvdMo',
  ]);
});

test('other rows, other keys, another room, an eviction still owed or an earlier acknowledgement give another id', () => {
  const one = handled('7', ['1', '2'], 'parent:1', ['a']);
  const again: Handled = { ...one, rows: [row('1', ['life-1']), row('2', ['life-1'])] };
  const ids = [
    idOf(one),
    idOf(handled('7', ['1'], 'parent:1', ['a'])),
    idOf(handled('7', ['1', '2', '3'], 'parent:1', ['a'])),
    idOf(handled('7', ['1', '2'], 'parent:1', ['a'], ['b'])),
    idOf(handled('7', ['1', '2'], 'parent:1', ['a', 1])),
    idOf(handled('7', ['1', '2'], 'parent:2', ['a'])),
    idOf(again),
    planEnvelopes([one], () => false)[0]?.id,
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test('how many rooms its transaction concerns leaves the id as it is', () => {
  const one = handled('7', ['1'], 'parent:1', ['a']);
  const [beside] = plan(one, handled('7', ['1'], 'parent:2', ['a']));
  expect(beside?.id).toBe(idOf(one));
});

test('an eviction owed by one signal of a transaction marks what leaves for the same room, not for others', () => {
  const owing = handled('7', ['1'], 'parent:1', ['a']);
  const clean = handled('7', ['2'], 'parent:1', ['b']);
  const elsewhere = handled('7', ['2'], 'parent:2', ['b']);
  const [mixed, other] = planEnvelopes([owing, clean, elsewhere], (each) => each !== owing);
  const [evicted, same] = plan(owing, clean, elsewhere);
  expect(mixed?.id).not.toBe(evicted?.id);
  expect(other?.id).toBe(same?.id);
});
