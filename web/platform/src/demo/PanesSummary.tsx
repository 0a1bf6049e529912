import { useSyncExternalStore } from 'react';
import classes from './panes-summary.module.css';
import type { Stage } from './stage.js';

/** Whether both parents' panes are right, in a line: on a phone they are out of sight while one acts. */
export function PanesSummary({ stage }: { stage: Stage | undefined }) {
  return (
    // Hidden from assistive technology: it says nothing that the panes do not say themselves.
    <p className={classes.summary} aria-hidden="true">
      {stage && (
        <>
          <Shown label="Querycast" stage={stage} pane="querycast" />
          <Shown label="by hand" stage={stage} pane="handWritten" />
        </>
      )}
    </p>
  );
}

function Shown({ label, stage, pane }: { label: string; stage: Stage; pane: keyof Stage['screens'] }) {
  const { truth, screens } = stage;
  const real = useSyncExternalStore(truth.subscribe, truth.current);
  const shown = useSyncExternalStore(screens[pane].subscribe, screens[pane].current);
  const isBehind = real !== undefined && shown !== undefined && real !== shown;
  return (
    <span>
      {label}:{' '}
      <b className={classes.state} data-behind={isBehind}>
        {isBehind ? 'out of date' : 'up to date'}
      </b>
    </span>
  );
}
