import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { describeError } from '../api/errors.js';
import { Notice } from './Notice.js';
import classes from './query-state.module.css';

/** Shows a query: skeleton, then data, with an error above data that is already there, never instead of it. */
export function QueryState<Data>(props: {
  query: UseQueryResult<Data>;
  skeleton: ReactNode;
  children: (data: Data) => ReactNode;
}) {
  const { query, skeleton, children } = props;
  const { data, error } = query;
  const problem = problemOf(query);
  if (data === undefined) return problem === undefined ? skeleton : <Problem query={query}>{problem}</Problem>;
  return (
    <div className={classes.stack}>
      {error && <Problem query={query}>What you see may be out of date. {problem}</Problem>}
      {children(data)}
    </div>
  );
}

function Problem({ query, children }: { query: UseQueryResult<unknown>; children: ReactNode }) {
  const { isPaused, isFetching, refetch } = query;
  // What waits for the network goes on by itself.
  if (isPaused) return <Notice>{children}</Notice>;
  return <Notice action={{ label: 'Try again', run: () => void refetch(), busy: isFetching }}>{children}</Notice>;
}

/** Why there is nothing to see, or nothing new; `undefined` while all is well. */
function problemOf({ data, error, isPaused, errorUpdateCount }: UseQueryResult<unknown>): string | undefined {
  if (error) return describeError(error);
  if (data !== undefined) return undefined;
  if (isPaused) return 'You are offline. This loads by itself once you are back.';
  // A query that is asked once more forgets its error, but nobody wants to see what it says flicker away.
  return errorUpdateCount > 0 ? 'Trying again …' : undefined;
}
