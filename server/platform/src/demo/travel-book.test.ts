import type { QueryKey, Room } from '@querycast/protocol';
import type { Change, Push } from '@querycast/server/postgres';
import { expect, test } from 'vitest';
import { createTravelBook } from './travel-book.js';

const OLGA: Room = 'parent:1';
const SOMEBODY: Room = 'parent:77';
const KEY: QueryKey = ['parent-dashboard'];

function change(id: string, transaction: string, source = 'study_plans'): Change {
  return { id, transaction, source, operation: 'insert', old: null, new: { id: Number(id), title: 'A secret' } };
}

function told(...push: Push[]) {
  return { evict: [], push };
}

test('signal and explicit call of one transaction travel as one, with their keys united', () => {
  const book = createTravelBook(new Set([OLGA]));
  book.note([change('1', 'a')], told({ room: OLGA, keys: [KEY, ['study-plans', 3]] }));
  const call: Change = {
    ...change('2', 'a', 'invalidate_cache'),
    operation: 'call',
    new: { role: 'parent', userId: 1 },
  };
  book.note([call], told({ room: OLGA, keys: [KEY] }));
  expect(book.publish([{ room: OLGA, keys: [['study-plans', 3], KEY] }])).toEqual([
    {
      rowIds: ['1', '2'],
      changes: [
        { source: 'study_plans', operation: 'insert', row: { id: 1 } },
        { source: 'invalidate_cache', operation: 'call', row: { role: 'parent', userId: 1 } },
      ],
      rooms: [{ room: OLGA, keys: [KEY, ['study-plans', 3]] }],
    },
  ]);
});

test('of rooms that are not shown nothing is told, and of a change that concerns no other nothing at all', () => {
  const book = createTravelBook(new Set([OLGA]));
  const push = [
    { room: SOMEBODY, keys: [KEY] },
    { room: OLGA, keys: [KEY] },
  ];
  book.note([change('1', 'a')], told(...push));
  book.note([change('2', 'b')], told({ room: SOMEBODY, keys: [['parent-children']] }));
  const travelled = book.publish([...push, { room: SOMEBODY, keys: [['parent-children']] }]);
  expect(travelled.map(({ rooms }) => rooms)).toEqual([[{ room: OLGA, keys: [KEY] }]]);
});

test('what was not published yet waits, and of two alike the older one comes first', () => {
  const book = createTravelBook(new Set([OLGA]));
  const push = { room: OLGA, keys: [KEY] };
  book.note([change('1', 'a')], told(push));
  book.note([change('2', 'b')], told(push));
  const rowsOf = (pushes: Push[]) => book.publish(pushes).flatMap(({ rowIds }) => rowIds);
  expect(rowsOf([])).toEqual([]);
  expect(rowsOf([{ room: OLGA, keys: [['other']] }])).toEqual([]);
  expect(rowsOf([push])).toEqual(['1']);
  expect(rowsOf([push, push])).toEqual(['2']);
});

test('a signal that is asked once more notes nothing twice', () => {
  const book = createTravelBook(new Set([OLGA]));
  const push = { room: OLGA, keys: [KEY] };
  for (let times = 0; times < 2; times += 1) book.note([change('1', 'a')], told(push));
  expect(book.publish([push, push])).toHaveLength(1);
});

test('of a row its key is told and nothing else', () => {
  const book = createTravelBook(new Set([OLGA]));
  book.note([change('1', 'a')], told({ room: OLGA, keys: [KEY] }));
  expect(JSON.stringify(book.publish([{ room: OLGA, keys: [KEY] }]))).not.toContain('secret');
});
