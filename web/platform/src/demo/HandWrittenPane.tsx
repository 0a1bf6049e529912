import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { parentDashboardQuery } from '../api/queries.js';
import { CodeNote } from './CodeNote.js';
import { Counters } from './Counters.js';
import { keepByHand } from './hand-written.js';
import { Pane } from './Pane.js';
import { ParentPane } from './ParentPane.js';
import type { PaneSession } from './pane-session.js';
import { SocketState } from './SocketState.js';
import type { Stage } from './stage.js';
import { usePane } from './use-pane.js';
import type { Wire } from './wire.js';

const CODE = `const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 60_000 } },
});

socket.on('subject-changed', () =>
  queryClient.invalidateQueries({
    queryKey: ['parent-dashboard'],
  }));`;

/** The same dashboard, kept fresh by the listener that most teams write. */
export function HandWrittenPane(props: { session: PaneSession; wire: Wire; stage: Stage }) {
  return (
    <QueryClientProvider client={props.session.queryClient}>
      <Content {...props} />
    </QueryClientProvider>
  );
}

function Content({ session, wire, stage }: { session: PaneSession; wire: Wire; stage: Stage }) {
  const query = useQuery(parentDashboardQuery(session.api));
  const staleness = usePane(stage, 'handWritten', query.data);
  const [connected, setConnected] = useState(false);
  const [connections, setConnections] = useState(0);
  useEffect(
    () =>
      keepByHand({
        queryClient: session.queryClient,
        getToken: session.access.token,
        wire,
        onConnected(isConnected) {
          setConnected(isConnected);
          if (isConnected) setConnections((count) => count + 1);
        },
        onEvent: stage.received.handWritten.add,
      }),
    [session, wire, stage],
  );
  return (
    <Pane
      title="Kept by hand-written code"
      who={`${session.user.name}, parent`}
      status={<SocketState connected={connected} />}
      counters={
        <Counters
          requests={session.requests}
          staleness={staleness}
          received={{ label: 'events', counter: stage.received.handWritten }}
          // It does not know of anything to catch up with.
          caughtUp={connections > 1 ? 'caught up: nothing' : undefined}
          isCaughtUp={false}
        />
      }
    >
      <ParentPane query={query} />
      <CodeNote code={CODE}>
        What it missed stays missed until the next event or a reload, or until the window gets the focus when the data
        is older than a minute: then TanStack Query fetches anew (refetchOnWindowFocus).
      </CodeNote>
    </Pane>
  );
}
