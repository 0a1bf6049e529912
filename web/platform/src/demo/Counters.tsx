import { useSyncExternalStore } from 'react';
import type { Counter } from './counter.js';
import classes from './counters.module.css';
import { formatSeconds } from './stale-account.js';

/** What keeping a pane has cost, and what it has failed to show. */
export function Counters(props: {
  requests: Pick<Counter, 'count' | 'subscribe'>;
  staleness: { ms: number; now: boolean };
  /** What the pane is told by. */
  received: { label: 'frames' | 'events'; counter: Counter };
  caughtUp?: string | undefined;
  /** Whether that is what one would wish for; default true. */
  isCaughtUp?: boolean;
}) {
  const { requests, staleness, received, caughtUp, isCaughtUp = true } = props;
  const fetches = useSyncExternalStore(requests.subscribe, requests.count);
  const count = useSyncExternalStore(received.counter.subscribe, received.counter.count);
  return (
    <div className={classes.counters}>
      <Figure label="fetches" value={String(fetches)} />
      <Figure label="seconds stale" value={formatSeconds(staleness.ms)} alarming={staleness.now} />
      <Figure label={received.label} value={String(count)} />
      <output className={classes.caughtUp} aria-label="caught up" data-good={caughtUp && isCaughtUp}>
        {caughtUp ?? 'caught up: –'}
      </output>
    </div>
  );
}

function Figure({ label, value, alarming = false }: { label: string; value: string; alarming?: boolean }) {
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
