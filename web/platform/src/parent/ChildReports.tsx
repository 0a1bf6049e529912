import { Skeleton } from '@mantine/core';
import type { ParentChild, StudentReport } from '@querycast/platform-protocol';
import { IconFileText } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '../app/Card.js';
import { EmptyState } from '../app/EmptyState.js';
import links from '../app/links.module.css';
import { QueryState } from '../app/QueryState.js';
import { GlowList } from '../live/GlowList.js';
import { ReportCard } from '../reports/ReportCard.js';

/** What teachers wrote to the parent about a child, newest first. */
export function ChildReports({ child, query }: { child: ParentChild; query: UseQueryResult<StudentReport[]> }) {
  // The tutor's are one list for all children: they have a page of their own.
  const weekly = (
    <Link to="/weekly-reports" className={links.more}>
      Weekly reports of the tutor
    </Link>
  );
  return (
    <Card title="Reports" tools={weekly}>
      <QueryState query={query} skeleton={<Skeleton height={170} radius="lg" />}>
        {(reports) => (
          <GlowList
            items={reports}
            label={`Reports on ${child.name}`}
            empty={
              <EmptyState title="No reports yet" icon={<IconFileText size={30} stroke={1.5} />}>
                What the teachers of {child.name} write to you appears here by itself.
              </EmptyState>
            }
          >
            {({ title, content, teacher, status, sentAt }) => (
              <ReportCard report={{ title, text: content, who: `From ${teacher.name}`, status, sentAt }} />
            )}
          </GlowList>
        )}
      </QueryState>
    </Card>
  );
}
