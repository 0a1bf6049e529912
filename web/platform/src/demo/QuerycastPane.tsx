import { LiveQueryProvider, socketIoTransport, useLiveStatus } from '@querycast/react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { parentDashboardQuery } from '../api/queries.js';
import { LiveIndicator } from '../live/LiveIndicator.js';
import { caughtUpText } from '../live/live-text.js';
import { CodeNote } from './CodeNote.js';
import { Counters } from './Counters.js';
import { countingTransport } from './counting-transport.js';
import { Pane } from './Pane.js';
import { ParentPane } from './ParentPane.js';
import type { PaneSession } from './pane-session.js';
import type { Stage } from './stage.js';
import { usePane } from './use-pane.js';
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
export function QuerycastPane(props: { session: PaneSession; wire: Wire; stage: Stage }) {
  const { session, wire, stage } = props;
  const { user, access } = session;
  const [transport] = useState(() =>
    countingTransport(stage.received.querycast, wiredTransport(wire, socketIoTransport())),
  );
  return (
    <QueryClientProvider client={session.queryClient}>
      <LiveQueryProvider
        userId={user.id}
        transport={transport}
        getToken={({ expired }) => (expired ? access.renew() : access.token())}
      >
        <Content session={session} stage={stage} />
      </LiveQueryProvider>
    </QueryClientProvider>
  );
}

function Content({ session, stage }: { session: PaneSession; stage: Stage }) {
  const query = useQuery(parentDashboardQuery(session.api));
  const staleness = usePane(stage, 'querycast', query.data);
  const caughtUp = caughtUpText(useLiveStatus());
  return (
    <Pane
      title="Kept by Querycast"
      who={`${session.user.name}, parent`}
      status={<LiveIndicator />}
      counters={
        <Counters
          requests={session.requests}
          staleness={staleness}
          received={{ label: 'frames', counter: stage.received.querycast }}
          caughtUp={caughtUp}
        />
      }
    >
      <ParentPane query={query} />
      <CodeNote code={CODE}>
        Neither time nor focus asks anew here: only what the server announces, and what was announced while the wire was
        cut.
      </CodeNote>
    </Pane>
  );
}
