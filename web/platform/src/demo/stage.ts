import { type Counter, createCounter } from './counter.js';
import { requestTruth } from './demo-api.js';
import { type PaneSession, sendWithoutCookies } from './pane-session.js';
import { createScreen, type Screen } from './screen.js';
import { type TrailWatch, watchTrail } from './trail.js';
import { stateOf } from './truth.js';
import { createTruthWatch, type TruthWatch } from './truth-watch.js';

/** The two panes that are compared. */
export type PaneName = 'querycast' | 'handWritten';

/** What the panes are watched with, and measured by. Nothing of it is in their counters, or keeps them fresh. */
export interface Stage {
  readonly truth: TruthWatch;
  readonly trail: TrailWatch;
  /** What each pane shows. */
  readonly screens: Readonly<Record<PaneName, Screen>>;
  /** Frames of the gateway, and events of the comparison, that arrived. */
  readonly received: Readonly<Record<PaneName, Counter>>;
  close(): void;
}

/** Watches the dashboard of `parent`. The truth is asked for whenever something travelled, and so may have changed. */
export function createStage(parent: PaneSession): Stage {
  const truth = createTruthWatch(async () =>
    stateOf(await requestTruth(sendWithoutCookies, await parent.access.token())),
  );
  const trail = watchTrail(parent.access.token);
  // While the truth cannot be had it stays as it was; what travels next asks for it again.
  const refresh = () => void truth.refresh().catch(() => undefined);
  refresh();
  trail.subscribe(refresh);
  return {
    truth,
    trail,
    screens: { querycast: createScreen(), handWritten: createScreen() },
    received: { querycast: createCounter(), handWritten: createCounter() },
    close: () => trail.close(),
  };
}
