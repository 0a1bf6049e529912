import { Skeleton } from '@mantine/core';
import type { StudentProgress } from '@querycast/platform-protocol';
import { IconProgressCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { studentProgressQuery } from '../api/queries.js';
import { Card } from '../app/Card.js';
import { EmptyState } from '../app/EmptyState.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { News } from '../live/News.js';
import { LazyProgressCharts } from '../progress/LazyProgressCharts.js';
import { ProgressSummary } from '../progress/ProgressSummary.js';
import classes from './progress.module.css';
import { progressNews } from './student-news.js';

/** A student's own progress. */
export function StudentProgressPage() {
  const query = useQuery(studentProgressQuery(useApi()));
  return (
    <>
      <PageHead title="Progress" intro="It counts all materials that you have now." />
      {query.data && <News shown={progressNews(query.data)} />}
      <QueryState query={query} skeleton={<ProgressSkeleton />}>
        {(progress) => (progress.materials === 0 ? <NoProgress /> : <Progress progress={progress} />)}
      </QueryState>
    </>
  );
}

function Progress({ progress }: { progress: StudentProgress }) {
  return (
    <div className={classes.page}>
      <Card title="How far you have come">
        <ProgressSummary progress={progress} label="Your progress" />
      </Card>
      <Card title="Over subjects and weeks">
        <LazyProgressCharts progress={progress} />
      </Card>
    </div>
  );
}

function NoProgress() {
  return (
    <EmptyState title="No progress yet" icon={<IconProgressCheck size={30} stroke={1.5} />}>
      It shows here as soon as a teacher gives you a first material.
    </EmptyState>
  );
}

function ProgressSkeleton() {
  return (
    <div className={classes.page} aria-busy="true">
      <Skeleton height={206} radius="lg" />
      <Skeleton height={356} radius="lg" />
    </div>
  );
}
