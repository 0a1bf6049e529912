import { useEffect, useRef, useState } from 'react';
import { describeError } from '../api/errors.js';
import { type Followed, followChange } from './follow-change.js';
import { type Step, StepImpossibleError } from './step.js';
import type { OpenDemo } from './use-demo-sessions.js';

/** How far a step has come. */
export type StepState =
  | { readonly status: 'idle' | 'running' }
  | { readonly status: 'failed'; readonly why: string }
  | ({ readonly status: 'done'; readonly said: string } & Followed);

/** One step and what came of its last run. */
export function useStep(step: Step, { sessions, stage }: OpenDemo): { state: StepState; run: () => void } {
  const [state, setState] = useState<StepState>({ status: 'idle' });
  const stop = useRef(() => {});
  const isRunning = useRef(false);
  useEffect(() => () => stop.current(), []);

  async function run(): Promise<void> {
    if (isRunning.current) return;
    isRunning.current = true;
    stop.current();
    setState({ status: 'running' });
    const begunAtMs = performance.now();
    try {
      const { said, changed } = await step.run(sessions);
      setState({ status: 'done', said, tookMs: {} });
      const onNews = (followed: Followed) => setState({ status: 'done', said, ...followed });
      stop.current = followChange({ stage, changed, begunAtMs, onNews });
    } catch (error) {
      setState({ status: 'failed', why: error instanceof StepImpossibleError ? error.message : describeError(error) });
    } finally {
      isRunning.current = false;
    }
  }

  return { state, run: () => void run() };
}
