import { tableLines } from '../../figures/table.js';
import { READ_GOALS, type ReadFigures } from './measure-reads.js';

const HEAD = [
  'read',
  'rows',
  'bytes',
  'cold p50',
  'p95',
  'max',
  'cached p50',
  'p95',
  'max',
  'floor p95',
  `p95 < ${READ_GOALS.cold} and < ${READ_GOALS.cached} ms`,
];

/** The figures of reads, in milliseconds: those of viewers by chance, then those of whoever has most to read. */
export function readsTable(figures: readonly ReadFigures[]): string[] {
  const of = (viewers: ReadFigures['viewers']) => figures.filter((each) => each.viewers === viewers).map(cells);
  return [
    'Reads, in milliseconds, viewers by chance:',
    '',
    ...tableLines(HEAD, of('sample')),
    '',
    'The same, by whoever has most to read:',
    '',
    ...tableLines(HEAD, of('largest')),
  ];
}

function cells({ role, endpoint, rows, bytes, cold, cached, floor, passed }: ReadFigures) {
  const name = `${role}: ${endpoint.replace('GET /api/', '')}`;
  return [name, rows, bytes, ...durations(cold), ...durations(cached), floor.p95, passed ? 'PASS' : 'FAIL'];
}

function durations({ p50, p95, max }: ReadFigures['cold']): number[] {
  return [p50, p95, max];
}
