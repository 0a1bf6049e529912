import { type LiveRead, liveReads } from '@querycast/platform-server/src/dashboards/live-reads.js';
import type { Client } from 'pg';
import { medianOf, medianOfRounds } from '../../figures/percentiles.js';
import type { Progress } from '../../figures/progress.js';
import { measurePass, type Pass, type PassTools } from './measure-pass.js';
import { chooseViewers, type Viewer } from './viewers.js';

/** Highest 95th percentiles, in milliseconds. */
export const READ_GOALS = { cold: 100, cached: 10 } as const;

/** What was measured of one read; each figure the median of the rounds. */
export interface ReadFigures extends Pass {
  readonly role: LiveRead['role'];
  readonly endpoint: string;
  /** `sample`: viewers by chance; `largest`: again and again whoever has most to read. */
  readonly viewers: 'sample' | 'largest';
  readonly passed: boolean;
}

/** What {@link measureReads} needs. */
export interface MeasureReadsOptions extends PassTools {
  readonly client: Client;
  readonly viewers: number;
  readonly rounds: number;
  readonly progress: Progress;
}

/** Neither caches of the database nor the compiler of the platform are warm at first, in production they are. */
const WARM_UP_VIEWERS = 20;

/** Measures every live read, one request at a time. */
export async function measureReads(options: MeasureReadsOptions): Promise<ReadFigures[]> {
  const { viewers, rounds, progress } = options;
  await progress.step('warming up the reads', () => readRound(options, WARM_UP_VIEWERS, 0));
  const measured: Map<string, ReadPass[]> = new Map();
  for (let round = 1; round <= rounds; round += 1) {
    const passes = await progress.step(`reading, round ${round} of ${rounds}`, () =>
      readRound(options, viewers, round),
    );
    for (const pass of passes) {
      const name = `${pass.viewers} ${pass.read.role} ${pass.read.endpoint}`;
      measured.set(name, [...(measured.get(name) ?? []), pass]);
    }
  }
  return [...measured.values()].flatMap((passes) => (passes[0] ? [figuresOf(passes[0], passes)] : []));
}

interface ReadPass {
  readonly read: LiveRead;
  readonly viewers: ReadFigures['viewers'];
  readonly pass: Pass;
}

async function readRound(options: MeasureReadsOptions, viewers: number, seed: number): Promise<ReadPass[]> {
  const passes: ReadPass[] = [];
  for (const read of liveReads) {
    const { sample, largest } = await chooseViewers(options.client, read.role, viewers, seed);
    passes.push({ read, viewers: 'sample', pass: await measurePass(read, sample, options) });
    if (!largest) continue;
    const again = Array.from({ length: Math.ceil(viewers / 4) }, (): Viewer => largest);
    passes.push({ read, viewers: 'largest', pass: await measurePass(read, again, options) });
  }
  return passes;
}

function figuresOf({ read, viewers }: ReadPass, passes: readonly ReadPass[]): ReadFigures {
  const cold = medianOfRounds(passes.map(({ pass }) => pass.cold));
  const cached = medianOfRounds(passes.map(({ pass }) => pass.cached));
  return {
    role: read.role,
    endpoint: read.endpoint,
    viewers,
    cold,
    cached,
    floor: medianOfRounds(passes.map(({ pass }) => pass.floor)),
    rows: medianOf(passes.map(({ pass }) => pass.rows)),
    bytes: medianOf(passes.map(({ pass }) => pass.bytes)),
    passed: cold.p95 < READ_GOALS.cold && cached.p95 < READ_GOALS.cached,
  };
}
