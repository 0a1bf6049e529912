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
import { Glow } from '../live/Glow.js';
import { News } from '../live/News.js';
import { LazyProgressCharts } from '../progress/LazyProgressCharts.js';
import { ProgressRing } from '../progress/ProgressRing.js';
import { completedText, formatMinutes } from '../progress/progress-words.js';
import classes from './progress.module.css';
import { SubjectProgressRows } from './SubjectProgressRows.js';
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
        <div className={classes.summary}>
          <div className={classes.overall}>
            <ProgressRing value={progress.progress} label="Your progress" size={128} />
            <div>
              <p className={classes.completed}>
                <Glow value={completedText(progress)} />
              </p>
              <p className={classes.soft}>
                <Glow value={`${formatMinutes(progress.timeSpentMinutes)} of learning`} />
              </p>
            </div>
          </div>
          <SubjectProgressRows subjects={progress.subjects} />
        </div>
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
