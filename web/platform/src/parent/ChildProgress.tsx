import { Skeleton } from '@mantine/core';
import type { ParentChild, StudentProgress } from '@querycast/platform-protocol';
import { IconProgressCheck } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Card } from '../app/Card.js';
import { EmptyState } from '../app/EmptyState.js';
import { QueryState } from '../app/QueryState.js';
import { Glow } from '../live/Glow.js';
import { LazyProgressCharts } from '../progress/LazyProgressCharts.js';
import { ProgressRing } from '../progress/ProgressRing.js';
import { completedText, formatMinutes } from '../progress/progress-words.js';
import classes from './child-progress.module.css';
import { SubjectProgressList } from './SubjectProgressList.js';

/** How far a child has come, in all and by subject. */
export function ChildProgress({ child, query }: { child: ParentChild; query: UseQueryResult<StudentProgress> }) {
  return (
    <Card title="Progress">
      <QueryState query={query} skeleton={<Skeleton height={440} />}>
        {(progress) =>
          progress.materials === 0 ? (
            <EmptyState title="No progress yet" icon={<IconProgressCheck size={30} stroke={1.5} />}>
              It shows here as soon as a teacher gives {child.name} a first material.
            </EmptyState>
          ) : (
            <>
              <div className={classes.summary}>
                <Overall child={child} progress={progress} />
                <SubjectProgressList subjects={progress.subjects} />
              </div>
              <div className={classes.charts}>
                <LazyProgressCharts progress={progress} />
              </div>
            </>
          )
        }
      </QueryState>
    </Card>
  );
}

function Overall({ child, progress }: { child: ParentChild; progress: StudentProgress }) {
  return (
    <div className={classes.overall}>
      <ProgressRing value={progress.progress} label={`Progress of ${child.name}`} size={96} />
      <div>
        <p className={classes.completed}>
          <Glow value={completedText(progress)} />
        </p>
        <p className={classes.soft}>
          <Glow value={`${formatMinutes(progress.timeSpentMinutes)} of learning`} />
        </p>
      </div>
    </div>
  );
}
