import { Skeleton } from '@mantine/core';
import type { ParentChild, StudentProgress } from '@querycast/platform-protocol';
import { IconProgressCheck } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Card } from '../app/Card.js';
import { EmptyState } from '../app/EmptyState.js';
import { QueryState } from '../app/QueryState.js';
import { LazyProgressCharts } from '../progress/LazyProgressCharts.js';
import { ProgressSummary } from '../progress/ProgressSummary.js';
import classes from './child-progress.module.css';

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
              <ProgressSummary progress={progress} label={`Progress of ${child.name}`} />
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
