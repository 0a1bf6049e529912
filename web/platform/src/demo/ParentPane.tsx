import type { ParentDashboard } from '@querycast/platform-protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { QueryState } from '../app/QueryState.js';
import { Children } from '../parent/Children.js';
import { ChildrenSkeleton } from '../parent/ChildrenSkeleton.js';

/** The parent's dashboard as a pane shows it: the same components as the page. */
export function ParentPane({ query }: { query: UseQueryResult<ParentDashboard> }) {
  return (
    <QueryState query={query} skeleton={<ChildrenSkeleton />}>
      {(dashboard) => <Children dashboard={dashboard} linked={false} />}
    </QueryState>
  );
}
