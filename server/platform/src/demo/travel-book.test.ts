import type { QueryKey, Room } from '@querycast/protocol';
import type { Change, PublishedPush, Push } from '@querycast/server/postgres';
import { expect, test } from 'vitest';
import { createTravelBook, type Travelled } from './travel-book.js';

const OLGA: Room = 'parent:1';
const SOMEBODY: Room = 'parent:77';
const KEY: QueryKey = ['parent-dashboard'];
const OLGAS_KEY: Push = { room: OLGA, keys: [KEY] };

function change(id: string, transaction: string, source = 'study_plans'): Change {
  return { id, transaction, source, operation: 'insert', old: null, new: { id: Number(id), title: 'A secret' } };
}

function told(...push: Push[]) {
  return { evict: [], push };
}

/** As the relay tells that it published something of these rows. */
function published(push: Push, ...rows: string[]): PublishedPush {
  return { ...push, rows, ageMs: 5 };
}

const rowsOf = (travelled: readonly Travelled[]) => travelled.map(({ changes }) => changes.map(({ row }) => row['id']));

test('signal and explicit call of one transaction travel as one, with their keys united', () => {
  const book = createTravelBook(new Set([OLGA]));
  book.note([change('1', 'a')], told({ room: OLGA, keys: [KEY, ['study-plans', 3]] }));
  const call: Change = {
    ...change('2', 'a', 'invalidate_cache'),
    operation: 'call',
    new: { role: 'parent', userId: 1 },
  };
  book.note([call], told(OLGAS_KEY));
  const keys: QueryKey[] = [['study-plans', 3], KEY];
  expect(book.publish([{ ...published({ room: OLGA, keys }, '1', '2'), ageMs: 7 }])).toEqual([
    {
      changes: [
        { source: 'study_plans', operation: 'insert', row: { id: 1 } },
        { source: 'invalidate_cache', operation: 'call', row: { role: 'parent', userId: 1 } },
      ],
      rooms: [{ room: OLGA, keys }],
      ageMs: 7,
    },
  ]);
});

test('of rooms that are not shown nothing is told, and of a change that concerns no other nothing at all', () => {
  const book = createTravelBook(new Set([OLGA]));
  const others: Push = { room: SOMEBODY, keys: [['parent-children']] };
  book.note([change('1', 'a')], told({ room: SOMEBODY, keys: [KEY] }, OLGAS_KEY));
  book.note([change('2', 'b')], told(others));
  const travelled = book.publish([
    published({ room: SOMEBODY, keys: [KEY] }, '1'),
    published(OLGAS_KEY, '1'),
    published(others, '2'),
  ]);
  expect(travelled.map(({ rooms }) => rooms)).toEqual([[OLGAS_KEY]]);
});

test('a transaction that is never published shifts no other, however alike they are', () => {
  const book = createTravelBook(new Set([OLGA]));
  for (const id of ['1', '2', '3']) book.note([change(id, `tx ${id}`)], told(OLGAS_KEY));
  expect(rowsOf(book.publish([]))).toEqual([]);
  expect(rowsOf(book.publish([published(OLGAS_KEY, '2')]))).toEqual([[2]]);
  expect(rowsOf(book.publish([published(OLGAS_KEY, '3')]))).toEqual([[3]]);
});

test('a row that is set aside does not hold up the rest of its transaction', () => {
  const book = createTravelBook(new Set([OLGA]));
  book.note([change('1', 'a')], told({ room: OLGA, keys: [['never published']] }));
  book.note([change('2', 'a')], told(OLGAS_KEY));
  expect(rowsOf(book.publish([published(OLGAS_KEY, '2')]))).toEqual([[2]]);
});

test('a transaction is told of once all of it is published, and then once', () => {
  const book = createTravelBook(new Set([OLGA, SOMEBODY]));
  const both = [OLGAS_KEY, { room: SOMEBODY, keys: [KEY] }] as const;
  book.note([change('1', 'a')], told(...both));
  expect(book.publish([published(OLGAS_KEY, '1')])).toEqual([]);
  // The relay asks and publishes again what was not acknowledged.
  book.note([change('1', 'a')], told(...both));
  expect(rowsOf(book.publish(both.map((push) => published(push, '1'))))).toEqual([[1]]);
  expect(book.publish(both.map((push) => published(push, '1')))).toEqual([]);
});

test('more keys than one envelope holds are one travel', () => {
  const book = createTravelBook(new Set([OLGA]));
  const keys = Array.from({ length: 100 }, (_, number): QueryKey => ['study-plans', number]);
  book.note([change('1', 'a')], told({ room: OLGA, keys }));
  const parts = [keys.slice(0, 64), keys.slice(64)].map((part) => published({ room: OLGA, keys: part }, '1'));
  expect(book.publish(parts).map(({ rooms }) => rooms)).toEqual([[{ room: OLGA, keys }]]);
});

test('a signal that is asked once more notes nothing twice, and one that answers nothing now is believed', () => {
  const book = createTravelBook(new Set([OLGA]));
  for (let times = 0; times < 2; times += 1) book.note([change('1', 'a')], told(OLGAS_KEY));
  book.note([change('2', 'b')], told(OLGAS_KEY));
  book.note([change('2', 'b')], told());
  expect(rowsOf(book.publish([published(OLGAS_KEY, '1'), published(OLGAS_KEY, '2')]))).toEqual([[1]]);
});

test('what waits longer than for thousands of others is forgotten, and nothing else', () => {
  const book = createTravelBook(new Set([OLGA]));
  for (let id = 1; id <= 2_001; id += 1) book.note([change(String(id), `tx ${id}`)], told(OLGAS_KEY));
  expect(book.publish([published(OLGAS_KEY, '1')])).toEqual([]);
  expect(rowsOf(book.publish([published(OLGAS_KEY, '2')]))).toEqual([[2]]);
});

test('of a row its key is told and nothing else', () => {
  const book = createTravelBook(new Set([OLGA]));
  book.note([change('1', 'a')], told(OLGAS_KEY));
  expect(JSON.stringify(book.publish([published(OLGAS_KEY, '1')]))).not.toContain('secret');
});
