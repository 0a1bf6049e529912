import { tableLines } from '../../figures/table.js';
import { MAX_HELD_BACK_MS, type RefetchFigures, type RenameFigures } from './rename-figures.js';

/** The figures of renames, in milliseconds, a line each. */
export function renameTable(figures: readonly RenameFigures[]): string[] {
  return [
    'Renames of the big teacher, in milliseconds: frames from the commit on, other writes before and meanwhile:',
    '',
    ...tableLines(
      [
        'rooms',
        'told once',
        'spread',
        'first frame',
        'p50',
        'last',
        'other p50',
        'p99',
        'worst',
        'meanwhile p50',
        'p99',
        'worst',
        'lost',
        `once, spread, held back < ${MAX_HELD_BACK_MS}`,
      ],
      figures.map(({ rooms, toldOnce, spreadMs, frames, before, during, lost, passed }) => [
        rooms,
        toldOnce,
        spreadMs.least === spreadMs.most ? `${spreadMs.least}` : `${spreadMs.least} to ${spreadMs.most}`,
        frames.first,
        frames.p50,
        frames.max,
        before.p50,
        before.p99,
        before.max,
        during.p50,
        during.p99,
        during.max,
        lost,
        passed ? 'PASS' : 'FAIL',
      ]),
    ),
    ...figures.flatMap(({ refetches }) => (refetches ? ['', refetchLine(refetches)] : [])),
  ];
}

function refetchLine({ count, answers, lastMs }: RefetchFigures): string {
  const durations = [answers.p50, answers.p95, answers.max, lastMs].map((ms) => Math.round(ms).toLocaleString('en'));
  const [p50, p95, max, last] = durations;
  return `${count} refetches: p50 ${p50}, p95 ${p95}, max ${max} ms; the last one came ${last} ms after the commit.`;
}
