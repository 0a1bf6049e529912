import type { ParentDashboard } from '@querycast/platform-protocol';
import { useLayoutEffect, useSyncExternalStore } from 'react';
import type { PaneName, Stage } from './stage.js';
import { type ShownState, stateOf } from './truth.js';
import { useStaleness } from './use-staleness.js';

/** Tells the stage what a pane shows, and answers for how long that has differed from the truth. */
export function usePane(stage: Stage, name: PaneName, dashboard: ParentDashboard | undefined) {
  const shown: ShownState | undefined = dashboard && stateOf(dashboard);
  const screen = stage.screens[name];
  // Once it is on the page.
  useLayoutEffect(() => {
    if (shown !== undefined) screen.show(shown, performance.now());
  }, [screen, shown]);
  return useStaleness(useSyncExternalStore(stage.truth.subscribe, stage.truth.current), shown);
}
