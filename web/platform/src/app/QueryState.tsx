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
  const { data, error, isFetching } = query;
  const retry = { label: 'Try again', run: () => void query.refetch(), busy: isFetching };
  if (data === undefined) return error ? <Notice action={retry}>{describeError(error)}</Notice> : skeleton;
  return (
    <div className={classes.stack}>
      {error && <Notice action={retry}>What you see may be out of date. {describeError(error)}</Notice>}
      {children(data)}
    </div>
  );
}
