import { Skeleton } from '@mantine/core';
import type { StudentProgress } from '@querycast/platform-protocol';
import { lazy, Suspense } from 'react';
import classes from './progress-charts.module.css';

const Charts = lazy(() =>
  import('./ProgressCharts.js').then(
    ({ ProgressCharts }) => ({ default: ProgressCharts }),
    // Not thrown on, for that would take the whole page away: all that the charts show stands on it in words.
    () => ({ default: NoCharts }),
  ),
);

/** The charts of a student's progress, whose code comes after everything else has; their place is kept meanwhile. */
export function LazyProgressCharts({ progress }: { progress: StudentProgress }) {
  return (
    <Suspense fallback={<ChartsPlace />}>
      <Charts progress={progress} />
    </Suspense>
  );
}

function ChartsPlace() {
  return (
    <div className={classes.place} aria-busy="true">
      <div className={classes.charts}>
        <Skeleton className={classes.chartPlace} />
        <Skeleton className={classes.chartPlace} />
      </div>
    </div>
  );
}

function NoCharts() {
  return <p className={classes.failed}>The charts could not be loaded. They are here when you open the page again.</p>;
}
