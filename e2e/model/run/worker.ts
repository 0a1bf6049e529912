/** Plays all sequences of one scene in a thread of its own, or a share of them; its `Date.now` is replaced. */
import { parentPort, workerData } from 'node:worker_threads';
import { play } from '../play.js';
import type { Scene } from '../scenes.js';

/** What a thread is to do. */
export interface ModelTask {
  readonly scene: Scene;
  readonly depth: number;
  /** The share of this thread, from 0 on, and how many there are. */
  readonly share: number;
  readonly shares: number;
}

/** What became of it. */
export interface ModelResult {
  readonly sequences: number;
  readonly longest: number;
  /** The shortest sequence that broke a rule, if any did. */
  readonly broken?: { readonly rule: string; readonly events: readonly string[] } | undefined;
}

/** From this length on sequences are shared out. */
const SHARED_LENGTH = 2;

/** Plays shorter sequences before longer ones, so that the first one to break a rule is the shortest. */
async function explore({ scene, depth, share, shares }: ModelTask): Promise<ModelResult> {
  let sequences = 0;
  let present: (readonly string[])[] = [[]];
  for (let length = 0; length <= depth; length += 1) {
    if (length === SHARED_LENGTH) present = present.filter((_, index) => index % shares === share);
    const longer: (readonly string[])[] = [];
    for (const events of present) {
      const { broken, next } = await play(scene, events);
      sequences += 1;
      if (broken !== undefined) return { sequences, longest: length, broken: { rule: broken, events } };
      if (length < depth) for (const event of next) longer.push([...events, event]);
    }
    present = longer;
  }
  return { sequences, longest: depth };
}

parentPort?.postMessage(await explore(workerData as ModelTask));
