import { LiveQueryProvider } from '@querycast/react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { ApiContext } from '../api/api-context.js';
import { tutorStudentsQuery } from '../api/queries.js';
import { isPushed } from '../live/is-pushed.js';
import { ActPane } from './ActPane.js';
import classes from './demo-page.module.css';
import { HandWrittenPane } from './HandWrittenPane.js';
import type { PaneSession } from './pane-session.js';
import { QuerycastPane } from './QuerycastPane.js';
import { trueSubjects } from './truth.js';
import type { DemoSessions } from './use-demo-sessions.js';
import type { Wire } from './wire.js';

/** The three panes, each with a session of its own, measured against what the tutor sees. */
export function DemoPanes({ sessions, wire }: { sessions: DemoSessions; wire: Wire }) {
  const { tutor, live, handWritten } = sessions;
  const students = useQuery(tutorStudentsQuery(tutor.api), tutor.queryClient);
  const truth = students.data && trueSubjects(students.data, live.user.id);
  return (
    <div className={classes.panes}>
      <TutorPane session={tutor} />
      <QuerycastPane session={live} wire={wire} truth={truth} />
      <HandWrittenPane session={handWritten} wire={wire} truth={truth} />
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
