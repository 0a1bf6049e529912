import { useQuery } from '@tanstack/react-query';
import { parentDashboardQuery } from '../api/queries.js';
import type { PaneSession } from './pane-session.js';
import classes from './panes-summary.module.css';
import { countSubjects } from './truth.js';
import type { DemoSessions } from './use-demo-sessions.js';

/** What both parents' panes show, in a line: on a phone they are out of sight while one acts. */
export function PanesSummary({ sessions }: { sessions: DemoSessions | undefined }) {
  return (
    // Hidden from assistive technology: it says nothing that the panes do not say themselves.
    <p className={classes.summary} aria-hidden="true">
      {sessions && (
        <>
          <Shown label="Querycast" session={sessions.live} />
          <Shown label="hand-written" session={sessions.handWritten} />
        </>
      )}
    </p>
  );
}

function Shown({ label, session }: { label: string; session: PaneSession }) {
  // Only looks at what the pane has fetched: asking by itself would keep the pane fresh, which is the pane's business.
  const { data } = useQuery({ ...parentDashboardQuery(session.api), enabled: false }, session.queryClient);
  const count = data && countSubjects(data);
  return (
    <span>
      {label}: <b className={classes.count}>{count ?? '–'}</b> {count === 1 ? 'subject' : 'subjects'}
    </span>
  );
}
