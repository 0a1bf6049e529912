import type { TeacherStudent } from '@querycast/platform-protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { describeError } from '../api/errors.js';
import { Notice } from '../app/Notice.js';

/** Inside a dialog: why there are no students to choose from. */
export function MissingStudents({ query }: { query: UseQueryResult<TeacherStudent[]> }) {
  const { data, error, isFetching, refetch } = query;
  if (data?.length === 0) return <Notice>You have no students yet. A tutor assigns them to you.</Notice>;
  if (data || !error) return null;
  return (
    <Notice action={{ label: 'Try again', run: () => void refetch(), busy: isFetching }}>
      The list of your students is missing. {describeError(error)}
    </Notice>
  );
}
