import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { FoldedCounter, OptimisticCounter, PlainCounter, SuspendedCounter } from './Counters.js';
import { HandWrittenUpdates, LiveUpdates } from './Updates.js';

/** Nothing but what is pushed makes this page ask again: what it shows in the end, it was told to fetch. */
const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: false,
    },
  },
});

/** The address says which counters there are, and how each is shown: `?plain=a,b&suspended=c`. */
const address = new URLSearchParams(location.search);
const names = (kind: string) => address.get(kind)?.split(',') ?? [];
const Updates = address.has('by-hand') ? HandWrittenUpdates : LiveUpdates;

createRoot(document.body.appendChild(document.createElement('main'))).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Updates url={address.get('gateway') ?? undefined}>
        {names('plain').map((name) => (
          <PlainCounter key={name} name={name} />
        ))}
        {names('suspended').map((name) => (
          <SuspendedCounter key={name} name={name} />
        ))}
        {names('folded').map((name) => (
          <FoldedCounter key={name} name={name} />
        ))}
        {names('optimistic').map((name) => (
          <OptimisticCounter key={name} name={name} />
        ))}
      </Updates>
    </QueryClientProvider>
  </StrictMode>,
);
