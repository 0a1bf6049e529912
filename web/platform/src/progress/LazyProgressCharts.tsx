import { Skeleton } from '@mantine/core';
import type { StudentProgress } from '@querycast/platform-protocol';
import { type ComponentType, Suspense, use, useState, useTransition } from 'react';
import { Notice } from '../app/Notice.js';
import classes from './progress-charts.module.css';

type Charts = ComponentType<{ progress: StudentProgress }>;

/** The charts' code; `undefined` when it could not be loaded. */
let charts: Promise<Charts | undefined> | undefined;

function loadCharts(): Promise<Charts | undefined> {
  charts ??= import('./ProgressCharts.js')
    .then(({ ProgressCharts }) => ProgressCharts)
    .catch(() => {
      charts = undefined;
      // Not thrown on, for that would take the whole page away: all that the charts show stands on it in words.
      return undefined;
    });
  return charts;
}

/** The charts of a student's progress, whose code comes after everything else has; their place is kept meanwhile. */
export function LazyProgressCharts({ progress }: { progress: StudentProgress }) {
  const [code, setCode] = useState(loadCharts);
  const [isTrying, startTrying] = useTransition();
  // A transition, so that the button that was pressed stays until something comes of it.
  const tryAgain = () => startTrying(() => setCode(loadCharts()));
  return (
    <Suspense fallback={<ChartsPlace />}>
      <LoadedCharts code={code} progress={progress} isTrying={isTrying} tryAgain={tryAgain} />
    </Suspense>
  );
}

function LoadedCharts(props: {
  code: Promise<Charts | undefined>;
  progress: StudentProgress;
  isTrying: boolean;
  tryAgain: () => void;
}) {
  const { code, progress, isTrying, tryAgain } = props;
  const Charts = use(code);
  if (Charts) return <Charts progress={progress} />;
  return (
    <Notice action={{ label: 'Try again', run: tryAgain, busy: isTrying }}>The charts could not be loaded.</Notice>
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
