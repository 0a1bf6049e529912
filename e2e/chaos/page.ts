import { platformKeys } from '@querycast/platform-protocol';
import { bindQueryClient, createLiveClient, createLiveFetch } from '@querycast/react';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { io } from 'socket.io-client';
import { type Truth, tokenOf, type Viewer } from './families.js';

/** A page without a screen: everything a dashboard has, from the socket to the query cache. */
export interface Page {
  readonly viewer: Viewer;
  /** Whether what it holds is something else than what the database says. */
  isStale(truth: Truth): boolean;
  /** Why, for people. */
  explain(): string;
  /** When each fetch began so far, in milliseconds of this process. */
  fetchedAt(): readonly number[];
  /** Whether nothing is to be fetched any more that it knows of. */
  isAtRest(): boolean;
  /** What it says of its connection. */
  state(): string;
  /** How often it was live and noticed that it is no more. */
  losses(): number;
  /** How often all of it had to be taken for stale, because continuity was not proven. */
  resyncs(): number;
  close(): void;
}

interface GoalOf {
  readonly id: number;
  readonly goal: string;
}

/** What each role looks at: key, address, and the goals in the answer. */
const DASHBOARDS = {
  parent: {
    key: platformKeys.parentDashboard(),
    path: '/api/parent/dashboard',
    goals: (answer: { children: GoalOf[] }) => answer.children,
  },
  student: {
    key: platformKeys.studentDashboard(),
    path: '/api/student/dashboard',
    goals: ({ student, goal }: { student: { id: number }; goal: string }) => [{ id: student.id, goal }],
  },
  tutor: {
    key: platformKeys.tutorStudents(),
    path: '/api/tutor/students',
    goals: (answer: GoalOf[]) => answer,
  },
} as const;

/** Opens a page that Querycast keeps fresh. */
export function openPage(url: string, viewer: Viewer): Page {
  const queryClient = createQueryClient(Number.POSITIVE_INFINITY);
  const client = createLiveClient({ url, getToken: () => tokenOf(viewer) });
  let resyncs = 0;
  let losses = 0;
  let isLive = false;
  client.onStatus(({ state }) => {
    if (isLive && state !== 'live') losses += 1;
    isLive = state === 'live';
  });
  client.onEvent((event) => {
    if (event.type === 'resync' || (event.type === 'row' && event.status === 'resync')) resyncs += 1;
  });
  const unbind = bindQueryClient({ client, queryClient });
  const dashboard = observe({ url, viewer, queryClient, fetch: createLiveFetch(fetch) });
  client.start();
  return {
    ...dashboard,
    explain: () => `${dashboard.explain()}, ${client.status().state}`,
    state: () => client.status().state,
    losses: () => losses,
    resyncs: () => resyncs,
    close() {
      client.close();
      unbind();
      dashboard.close();
    },
  };
}

/** Opens a page that is kept fresh as most teams do it: one listener, and Socket.IO's own reconnection. */
export function openHandWrittenPage(url: string, socketUrl: string, viewer: Viewer): Page {
  const queryClient = createQueryClient(60_000);
  const dashboard = observe({ url, viewer, queryClient, fetch });
  const socket = io(socketUrl, { transports: ['websocket'], auth: { room: `${viewer.role}:${viewer.id}` } });
  socket.on('changed', () => void queryClient.invalidateQueries({ queryKey: DASHBOARDS[viewer.role].key }));
  return {
    ...dashboard,
    state: () => (socket.connected ? 'connected' : 'disconnected'),
    losses: () => 0,
    resyncs: () => 0,
    close() {
      socket.close();
      dashboard.close();
    },
  };
}

function createQueryClient(staleTime: number): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { staleTime, retry: 2, gcTime: Number.POSITIVE_INFINITY } } });
}

interface DashboardOptions {
  readonly url: string;
  readonly viewer: Viewer;
  readonly queryClient: QueryClient;
  readonly fetch: ReturnType<typeof createLiveFetch>;
}

/** Mounts the dashboard of a viewer. */
function observe({
  url,
  viewer,
  queryClient,
  fetch: ask,
}: DashboardOptions): Omit<Page, 'resyncs' | 'state' | 'losses'> {
  const { key, path, goals } = DASHBOARDS[viewer.role];
  const headers = { authorization: `Bearer ${tokenOf(viewer)}` };
  const fetchedAt: number[] = [];
  const observer = new QueryObserver(queryClient, {
    queryKey: key,
    queryFn: async (context) => {
      fetchedAt.push(performance.now());
      const response = await ask(`${url}${path}`, { ...context, headers });
      if (!response.ok) throw new Error(`answered ${response.status}`);
      const answer = await response.json();
      return new Map(goals(answer).map(({ id, goal }: GoalOf) => [id, goal]));
    },
  });
  const unsubscribe = observer.subscribe(() => {});
  return {
    viewer,
    isStale(truth) {
      const { data } = observer.getCurrentResult();
      return truth.seenBy(viewer).some((student) => data?.get(student) !== truth.goals.get(student));
    },
    isAtRest() {
      const { fetchStatus, isStale } = observer.getCurrentResult();
      return fetchStatus === 'idle' && !isStale;
    },
    explain() {
      const { status, fetchStatus, isStale, error } = observer.getCurrentResult();
      return `${viewer.role}:${viewer.id} ${status} ${fetchStatus}${isStale ? ' stale' : ''} ${error?.message ?? ''}`;
    },
    fetchedAt: () => fetchedAt,
    close() {
      unsubscribe();
      queryClient.clear();
    },
  };
}
