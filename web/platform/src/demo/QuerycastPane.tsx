import { LiveQueryProvider, socketIoTransport, useLiveStatus } from '@querycast/react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { parentDashboardQuery } from '../api/queries.js';
import { LiveIndicator } from '../live/LiveIndicator.js';
import { caughtUpText } from '../live/live-text.js';
import { CodeNote } from './CodeNote.js';
import { Counters } from './Counters.js';
import { Pane } from './Pane.js';
import { ParentPane } from './ParentPane.js';
import type { PaneSession } from './pane-session.js';
import { type Subjects, shownSubjects } from './truth.js';
import { useStaleness } from './use-staleness.js';
import type { Wire } from './wire.js';
import { wiredTransport } from './wired-transport.js';

const CODE = `const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: Infinity } },
});

// Carries the position of every answer.
const liveFetch = createLiveFetch(fetch);

<LiveQueryProvider userId={user.id} getToken={getToken}>
  <Dashboard />
</LiveQueryProvider>`;

/** The parent's dashboard, kept fresh by Querycast. */
export function QuerycastPane(props: { session: PaneSession; wire: Wire; truth: Subjects | undefined }) {
  const { session, wire, truth } = props;
  const { user, access } = session;
  const [transport] = useState(() => wiredTransport(wire, socketIoTransport()));
  return (
    <QueryClientProvider client={session.queryClient}>
      <LiveQueryProvider
        userId={user.id}
        transport={transport}
        getToken={({ expired }) => (expired ? access.renew() : access.token())}
      >
        <Content session={session} truth={truth} />
      </LiveQueryProvider>
    </QueryClientProvider>
  );
}

function Content({ session, truth }: { session: PaneSession; truth: Subjects | undefined }) {
  const query = useQuery(parentDashboardQuery(session.api));
  const staleness = useStaleness(truth, query.data && shownSubjects(query.data));
  const caughtUp = caughtUpText(useLiveStatus());
  return (
    <Pane
      title="Kept by Querycast"
      who={`${session.user.name}, parent`}
      status={<LiveIndicator />}
      counters={<Counters requests={session.requests} staleness={staleness} caughtUp={caughtUp} />}
    >
      <ParentPane query={query} />
      <CodeNote code={CODE}>
        Neither time nor focus asks anew here: only what the server announces, and what was announced while the wire was
        cut.
      </CodeNote>
    </Pane>
  );
}
