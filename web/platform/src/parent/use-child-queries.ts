import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import {
  childProgressQuery,
  childReportsQuery,
  childStudyPlansQuery,
  childSubjectsQuery,
  parentChildrenQuery,
} from '../api/queries.js';

/** All that a child's page shows, asked for at once: no part of it needs to wait for another. */
export function useChildQueries(childId: number) {
  const api = useApi();
  return {
    children: useQuery(parentChildrenQuery(api)),
    subjects: useQuery(childSubjectsQuery(api, childId)),
    progress: useQuery(childProgressQuery(api, childId)),
    plans: useQuery(childStudyPlansQuery(api, childId)),
    reports: useQuery(childReportsQuery(api, childId)),
  };
}

/** What a child's page shows. */
export type ChildQueries = ReturnType<typeof useChildQueries>;
