import { VisuallyHidden } from '@mantine/core';
import type { TutorWeeklyReport } from '@querycast/platform-protocol';
import { IconMailOpened } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { tutorWeeklyReportsQuery } from '../api/queries.js';
import { CardsSkeleton } from '../app/CardsSkeleton.js';
import { EmptyState } from '../app/EmptyState.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { Glow } from '../live/Glow.js';
import { GlowList } from '../live/GlowList.js';
import { News } from '../live/News.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { weeklyReportNews } from './news.js';
import { WeeklyReport } from './WeeklyReport.js';
import classes from './weekly-report.module.css';

/** What tutors write to the parent each week, newest first. */
export function ParentWeeklyReportsPage() {
  const query = useQuery(tutorWeeklyReportsQuery(useApi()));
  return (
    <WithNotifications>
      <PageHead title="Weekly reports" intro="What the tutor writes to you about each week.">
        {query.data && <Unread reports={query.data} />}
      </PageHead>
      {query.data && <News shown={weeklyReportNews(query.data)} />}
      <QueryState query={query} skeleton={<CardsSkeleton height={190} />}>
        {(reports) => <Reports reports={reports} />}
      </QueryState>
    </WithNotifications>
  );
}

function Reports({ reports }: { reports: readonly TutorWeeklyReport[] }) {
  return (
    <>
      <VisuallyHidden component="h2">Newest first</VisuallyHidden>
      <GlowList
        items={reports}
        label="Weekly reports"
        empty={
          <EmptyState title="No weekly reports yet" icon={<IconMailOpened size={30} stroke={1.5} />}>
            The first one appears here as soon as the tutor sends it.
          </EmptyState>
        }
      >
        {(report) => <WeeklyReport report={report} />}
      </GlowList>
    </>
  );
}

function Unread({ reports }: { reports: readonly TutorWeeklyReport[] }) {
  const unread = reports.filter(({ status }) => status === 'sent').length;
  if (reports.length === 0) return null;
  return (
    <p className={classes.unread}>
      <Glow value={unread === 0 ? 'All read' : `${unread} unread`} />
    </p>
  );
}
