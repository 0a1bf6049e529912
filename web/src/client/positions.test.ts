import { comparePositions, formatPosition, type Position, parsePosition } from '@querycast/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeFrame, judgeResync, judgeRow, noteHeader, type RoomProgress, resumePosition } from './positions.js';

const at = (position: Position): RoomProgress => ({ applied: position });

describe('a frame', () => {
  const cases: [string, RoomProgress, Position, Position, string, Position | undefined][] = [
    ['that continues is applied and advances', at('e:3'), 'e:3', 'e:4', 'apply', 'e:4'],
    ['that overlaps is applied and advances', at('e:3'), 'e:1', 'e:5', 'apply', 'e:5'],
    ['that was seen is ignored', at('e:3'), 'e:2', 'e:3', 'ignore', 'e:3'],
    ['that is older is ignored', at('e:3'), 'e:0', 'e:1', 'ignore', 'e:3'],
    ['behind a gap is applied without advancing, and asks', at('e:3'), 'e:4', 'e:5', 'apply+subscribe', 'e:3'],
    ['of another epoch is applied without advancing, and asks', at('e:3'), 'f:0', 'f:1', 'apply+subscribe', 'e:3'],
    ['of a newer epoch with a lower offset is not taken for old', at('e:9'), 'f:1', 'f:2', 'apply+subscribe', 'e:9'],
    ['whose beginning is of another epoch is a gap', at('e:3'), 'f:3', 'e:4', 'apply+subscribe', 'e:3'],
    ['that ends in another epoch proves nothing', at('e:3'), 'e:3', 'f:1', 'apply+subscribe', 'e:3'],
    ['before the first row is applied and never advances', {}, 'e:3', 'e:4', 'apply', undefined],
    ['before the first row does not move a header', { resume: 'e:2' }, 'e:2', 'e:3', 'apply', 'e:2'],
  ];
  it.each(cases)('%s', (_name, progress, prev, position, verdict, resumesFrom) => {
    const judged = judgeFrame(progress, { prev, position });
    expect([judged ? 'apply' : 'ignore', ...(judged?.subscribe ? ['subscribe'] : [])].join('+')).toBe(verdict);
    expect(resumePosition(judged?.next ?? progress)).toBe(resumesFrom);
  });
});

describe('a row', () => {
  const cases: [string, RoomProgress, Position, 'recovered' | 'resync' | 'fresh', Position | undefined, string][] = [
    ['is the first one, and adopted', {}, 'e:4', 'fresh', undefined, 'first fresh e:4'],
    ['is the first one, recovered from a header', { resume: 'e:2' }, 'e:4', 'recovered', 'e:2', 'first recovered e:4'],
    ['claims to be recovered from nothing', {}, 'e:4', 'recovered', undefined, 'first fresh e:4'],
    ['is recovered and advances', at('e:3'), 'e:5', 'recovered', 'e:3', 'recovered e:5'],
    ['brings what is applied already', at('e:5'), 'e:5', 'recovered', 'e:3', 'ignored e:5'],
    ['begins beyond what is applied', at('e:3'), 'e:9', 'recovered', 'e:7', 'resync e:9'],
    ['is of another epoch', at('e:3'), 'f:1', 'resync', 'e:3', 'resync f:1'],
    ['claims to be recovered across epochs', at('e:3'), 'f:1', 'recovered', 'e:3', 'resync f:1'],
    ['lies below the floor', at('e:3'), 'e:900', 'resync', 'e:3', 'resync e:900'],
    ['lies behind: everything is stale, the position stays', at('e:9'), 'e:2', 'resync', 'e:9', 'resync e:9'],
    ['is fresh though the room was known', at('e:3'), 'e:4', 'fresh', undefined, 'resync e:4'],
    ['is fresh and nothing was missed', at('e:4'), 'e:4', 'fresh', undefined, 'ignored e:4'],
  ];
  it.each(cases)('%s', (_name, progress, position, status, sent, expected) => {
    const verdict = judgeRow(progress, { position, status }, sent);
    const what = verdict ? `${verdict.first ? 'first ' : ''}${verdict.status}` : 'ignored';
    expect(`${what} ${(verdict?.next ?? progress).applied}`).toBe(expected);
  });
});

describe('a resync', () => {
  it('is adopted, also across epochs, but never goes back within one', () => {
    expect(judgeResync(at('e:3'), 'f:1')).toEqual(at('f:1'));
    expect(judgeResync(at('e:3'), 'e:7')).toEqual(at('e:7'));
    expect(judgeResync(at('e:9'), 'e:7')).toEqual(at('e:9'));
  });
  it('before the first row does not advance', () => {
    expect(judgeResync({ resume: 'e:1' }, 'e:7')).toEqual({ resume: 'e:1' });
  });
});

describe('a header', () => {
  it('moves the resume position back only', () => {
    const progress = (['e:5', 'e:7', 'e:4'] as const).reduce(noteHeader, {});
    expect(resumePosition(progress)).toBe('e:4');
  });
  it('moves nothing once a row was applied', () => {
    expect(noteHeader(at('e:5'), 'e:2')).toEqual(at('e:5'));
  });
});

/** One room of a gateway: its sequence, and what of it the client has applied. */
function simulate(deliveries: { pick: number; answer: boolean }[], published: number): void {
  let progress: RoomProgress = {};
  const applied = new Set<number>();
  const offsetOf = (position: Position) => parsePosition(position)?.offset ?? Number.NaN;
  const cover = (from: number, to: number) => {
    for (let offset = from + 1; offset <= to; offset += 1) applied.add(offset);
  };
  const row = (head: number) => {
    const sent = resumePosition(progress);
    const status = sent ? 'recovered' : 'fresh';
    const verdict = judgeRow(progress, { position: formatPosition('e', head), status }, sent);
    // The first row makes everything stale that was loaded before it; a recovered one names what follows `sent`.
    if (verdict) cover(verdict.status === 'recovered' && sent ? offsetOf(sent) : 0, head);
    progress = verdict?.next ?? progress;
  };
  let head = 0;
  let before = progress.applied;
  for (const { pick, answer } of deliveries) {
    head = Math.min(published, head + 1);
    if (answer) row(head);
    const offset = (pick % head) + 1;
    const first = Math.max(0, offset - 1 - (pick % 3));
    const frame = { prev: formatPosition('e', first), position: formatPosition('e', offset) };
    const verdict = judgeFrame(progress, frame);
    if (verdict) cover(first, offset);
    progress = verdict?.next ?? progress;
    if (before && progress.applied) expect(comparePositions(progress.applied, before)).not.toBe('older');
    before = progress.applied;
    const reached = progress.applied ? offsetOf(progress.applied) : 0;
    for (let step = 1; step <= reached; step += 1) expect(applied.has(step)).toBe(true);
  }
  row(published);
  expect([...applied].sort((a, b) => a - b)).toEqual(Array.from({ length: published }, (_, index) => index + 1));
}

it('lost, repeated and reordered frames never carry the position past an unapplied one, and a row heals the rest', () => {
  const delivery = fc.record({ pick: fc.nat(1_000), answer: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0) });
  fc.assert(
    fc.property(fc.array(delivery, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 40 }), simulate),
    { numRuns: 500 },
  );
});
