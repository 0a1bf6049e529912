import { useSyncExternalStore } from 'react';
import classes from './counters.module.css';
import type { RequestCounter } from './request-counter.js';
import { formatSeconds } from './stale-account.js';

/** What keeping a pane has cost, and what it has failed to show. */
export function Counters(props: {
  requests: RequestCounter;
  staleness: { ms: number; now: boolean };
  caughtUp?: string | undefined;
}) {
  const { requests, staleness, caughtUp } = props;
  const fetches = useSyncExternalStore(requests.subscribe, requests.count);
  return (
    <div className={classes.counters}>
      <Counter label="fetches" value={String(fetches)} />
      <Counter label="seconds stale" value={formatSeconds(staleness.ms)} alarming={staleness.now} />
      {caughtUp && (
        <output className={classes.caughtUp} aria-label="caught up">
          {caughtUp}
        </output>
      )}
    </div>
  );
}

function Counter({ label, value, alarming = false }: { label: string; value: string; alarming?: boolean }) {
  return (
    <span className={classes.counter} data-alarming={alarming}>
      {/* Silent for screen readers: ten announcements a second help nobody. */}
      <output className={classes.value} aria-label={label} aria-live="off">
        {value}
      </output>
      <span aria-hidden="true">{label}</span>
    </span>
  );
}
