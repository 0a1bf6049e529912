import type { TeacherStudent } from '@querycast/platform-protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { Notice } from '../app/Notice.js';
import { MissingList } from '../forms/MissingList.js';

/** Inside a dialog: why there are no students to choose from. */
export function MissingStudents({ query }: { query: UseQueryResult<TeacherStudent[]> }) {
  if (query.data?.length === 0) return <Notice>You have no students yet. A tutor assigns them to you.</Notice>;
  return <MissingList query={query} of="your students" />;
}
