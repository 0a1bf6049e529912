import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { captureSql, InvalidCaptureError } from './capture.js';
import { captureConformance } from './capture.test.support.js';
import { SCRIPT_VERSION } from './install.js';
import { openPglite } from './test-database.test.support.js';

captureConformance(openPglite);

test.each([
  ['a quote', { table: 'orders"; DROP TABLE orders; --', key: ['id'], columns: [] }],
  ['three parts', { table: 'a.b.c', key: ['id'], columns: [] }],
  ['an empty part', { table: 'a.', key: ['id'], columns: [] }],
  ['a column with a quote', { table: 'orders', key: ['id'], columns: ['a"b'] }],
  ['a column with a dot', { table: 'orders', key: ['a.b'], columns: [] }],
  ['a name that would be cut', { table: 'x'.repeat(64), key: ['id'], columns: [] }],
  ['no key', { table: 'orders', key: [], columns: ['id'] }],
])('a capture with %s is refused', (_, table) => {
  expect(() => captureSql({ tables: [table] })).toThrow(InvalidCaptureError);
});

test('a table listed twice is refused: the second list would silently win', () => {
  const table = { table: 'orders', key: ['id'], columns: [] };
  expect(() => captureSql({ tables: [table, table] })).toThrow('orders is listed twice');
});

test.each([-1, 0.5, 1e9, Number.NaN])('the version %d is refused', (version) => {
  expect(() => captureSql({ tables: [], version })).toThrow(InvalidCaptureError);
});

test('whoever changes the script raises its version, or nodes of before put the old one back', () => {
  const script = captureSql({ tables: [{ table: 'orders', key: ['id'], columns: ['customer'] }] });
  const hash = createHash('sha256').update(script).digest('hex').slice(0, 16);
  expect([SCRIPT_VERSION, hash]).toEqual([3, '0d950ecaf10a2ddd']);
});
