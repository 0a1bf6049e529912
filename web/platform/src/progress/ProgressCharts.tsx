import type { StudentProgress } from '@querycast/platform-protocol';
import './charts.css';
import classes from './progress-charts.module.css';
import { SubjectsChart } from './SubjectsChart.js';
import { WeeksChart } from './WeeksChart.js';

/**
 * Progress over subjects and weeks, to look at rather than to read. Its code is large: load it when it is shown, as
 * {@link LazyProgressCharts} does.
 */
export function ProgressCharts({ progress }: { progress: StudentProgress }) {
  return (
    <div className={classes.place}>
      <div className={classes.charts}>
        <SubjectsChart subjects={progress.subjects} />
        {/* A server of the version before has none. */}
        <WeeksChart weeks={progress.weeks ?? []} />
      </div>
    </div>
  );
}
