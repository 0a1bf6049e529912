import { Skeleton } from '@mantine/core';
import type { ChildSubject, ParentChild } from '@querycast/platform-protocol';
import { IconBook2 } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Card } from '../app/Card.js';
import { EmptyState } from '../app/EmptyState.js';
import { QueryState } from '../app/QueryState.js';
import { SubjectList } from './SubjectList.js';

/** What a child learns, with whom and since when. */
export function ChildSubjects({ child, query }: { child: ParentChild; query: UseQueryResult<ChildSubject[]> }) {
  return (
    <Card title="Subjects">
      <QueryState query={query} skeleton={<Skeleton height={96} />}>
        {(subjects) => (
          <SubjectList
            subjects={subjects}
            childName={child.name}
            withDates
            empty={
              <EmptyState title="No subjects yet" icon={<IconBook2 size={30} stroke={1.5} />}>
                The first one appears here when {child.tutor?.name ?? 'a tutor'} assigns it.
              </EmptyState>
            }
          />
        )}
      </QueryState>
    </Card>
  );
}
