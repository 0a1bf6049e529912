import { LiveQueryProvider } from '@querycast/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { ApiContext } from '../api/api-context.js';
import { isPushed } from '../live/is-pushed.js';
import { ActPane } from './ActPane.js';
import classes from './demo-page.module.css';
import { GuidedSteps } from './GuidedSteps.js';
import { HandWrittenPane } from './HandWrittenPane.js';
import type { PaneSession } from './pane-session.js';
import { QuerycastPane } from './QuerycastPane.js';
import type { OpenDemo } from './use-demo-sessions.js';
import type { Wire } from './wire.js';

/** Those who act, and the same dashboard kept in two ways, each with a session of its own. */
export function DemoPanes({ demo, wire }: { demo: OpenDemo; wire: Wire }) {
  const { sessions, stage } = demo;
  return (
    <div className={classes.panes}>
      <div className={classes.act}>
        <GuidedSteps demo={demo} />
        <TutorPane session={sessions.tutor} />
      </div>
      <QuerycastPane session={sessions.live} wire={wire} stage={stage} />
      <HandWrittenPane session={sessions.handWritten} wire={wire} stage={stage} />
    </div>
  );
}

function TutorPane({ session }: { session: PaneSession }) {
  const { user, access } = session;
  return (
    <QueryClientProvider client={session.queryClient}>
      <LiveQueryProvider
        userId={user.id}
        filter={isPushed}
        getToken={({ expired }) => (expired ? access.renew() : access.token())}
      >
        <ApiContext.Provider value={session.api}>
          <ActPane tutorName={user.name} />
        </ApiContext.Provider>
      </LiveQueryProvider>
    </QueryClientProvider>
  );
}
