import type { UseQueryResult } from '@tanstack/react-query';
import { describeError } from '../api/errors.js';
import { Notice } from '../app/Notice.js';

/** Says that a list to choose from did not come, e.g. `of="subjects"`, and tries again; nothing while there is one. */
export function MissingList({ query, of }: { query: UseQueryResult<unknown>; of: string }) {
  if (!query.error || query.data) return null;
  return (
    <Notice action={{ label: 'Try again', run: () => void query.refetch(), busy: query.isFetching }}>
      The list of {of} is missing. {describeError(query.error)}
    </Notice>
  );
}
