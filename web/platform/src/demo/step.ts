import { MutationObserver, type MutationObserverOptions, type QueryClient } from '@tanstack/react-query';
import type { ChangedRow } from './travel.js';
import type { DemoSessions } from './use-demo-sessions.js';

/** The student whom all steps are about, by the id that the demo data give her. */
export const ANNA = { id: 3, name: 'Anna' } as const;

/** What a step did. */
export interface StepDone {
  /** As a sentence. */
  readonly said: string;
  readonly changed: ChangedRow;
}

/** One scenario of the guide, to be done by a button, as often as one likes. */
export interface Step {
  readonly title: string;
  /** Who does it. */
  readonly person: string;
  /** What the button says. */
  readonly action: string;
  /** Does it as that person. Rejects with {@link StepImpossibleError}, or as requests do. */
  run(sessions: DemoSessions): Promise<StepDone>;
}

/** Somebody has changed the demo's data in such a way that a step has nothing to work on. */
export class StepImpossibleError extends Error {
  readonly code = 'step_impossible';

  constructor(why: string) {
    super(why);
    this.name = 'StepImpossibleError';
  }
}

/** Writes as the pages do, outside of a component: the mutation is known to the query cache of whoever acts. */
export function perform<Answer, Variables>(
  queryClient: QueryClient,
  options: MutationObserverOptions<Answer, Error, Variables>,
  variables: Variables,
): Promise<Answer> {
  return new MutationObserver(queryClient, options).mutate(variables);
}
