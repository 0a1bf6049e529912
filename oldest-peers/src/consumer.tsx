import {
  bindQueryClient,
  createLiveClient,
  createLiveFetch,
  LiveQueryProvider,
  socketIoTransport,
  useLiveInvalidation,
  useLiveRoom,
  useLiveStatus,
} from '@querycast/react';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';

const queryClient = new QueryClient();
const liveFetch = createLiveFetch(fetch);

function Orders() {
  const { state } = useLiveStatus();
  useLiveRoom('class:1');
  const { data = [] } = useQuery({
    queryKey: ['orders'],
    queryFn: async (context): Promise<string[]> =>
      (await liveFetch('/api/orders', { ...context, client: queryClient })).json(),
  });
  return <p data-live={state}>{data.join()}</p>;
}

function Status() {
  const client = useLiveInvalidation({ getToken: () => 'token', filter: (query) => query.queryKey[0] !== 'local' });
  return <p>{useLiveStatus(client).state}</p>;
}

/** An application that uses every entry point of the library with the types of the oldest peers. */
export const App = (user: { id: number; token: string }) => (
  <QueryClientProvider client={queryClient}>
    <LiveQueryProvider
      getToken={() => user.token}
      userId={user.id}
      filter={(query) => query.getObserversCount() > 0}
      onBehind={({ queryKey }) => console.warn(queryKey)}
    >
      <Orders />
      <Status />
    </LiveQueryProvider>
  </QueryClientProvider>
);

/** The same without React. */
export function startWithoutReact(): () => void {
  const client = createLiveClient({ getToken: () => 'token', transport: socketIoTransport() });
  const unbind = bindQueryClient({ client, queryClient, filter: (query) => query.queryKey[0] !== 'local' });
  client.start();
  return () => {
    unbind();
    client.close();
  };
}

/** What is wrong must be told: types that cannot be found would admit everything. */
export const Wrong = () => (
  <LiveQueryProvider
    getToken={() => 'token'}
    // @ts-expect-error a query has no such member
    filter={(query) => query.isLive}
    // @ts-expect-error who is logged in has an id of text or number
    userId={{ id: 1 }}
  />
);
