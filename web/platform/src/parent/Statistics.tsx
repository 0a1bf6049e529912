import { Skeleton } from '@mantine/core';
import type { ParentDashboard } from '@querycast/platform-protocol';
import { Glow } from '../live/Glow.js';
import classes from './statistics.module.css';

type Figures = ParentDashboard['statistics'];

/** The dashboard's figures; their places while they load. */
export function Statistics({ statistics }: { statistics: Figures | undefined }) {
  return (
    <ul className={classes.figures} aria-label="Statistics" aria-busy={!statistics}>
      {FIGURES.map(({ name, figureIn, wordsFor }) => (
        <li key={name} className={classes.figure}>
          {statistics ? (
            <span className={classes.value}>
              <Glow value={figureIn(statistics)} />
            </span>
          ) : (
            <Skeleton component="span" className={classes.loading} />
          )}{' '}
          <span className={classes.label}>{wordsFor(statistics)}</span>
        </li>
      ))}
    </ul>
  );
}

interface Figure {
  readonly name: keyof Figures;
  figureIn(statistics: Figures): string | number;
  wordsFor(statistics: Figures | undefined): string;
}

const FIGURES: readonly Figure[] = [
  counted('children', 'child', 'children'),
  {
    name: 'averageProgress',
    figureIn: ({ averageProgress }) => `${averageProgress}%`,
    wordsFor: () => 'average progress',
  },
  counted('subjects', 'subject', 'subjects'),
  counted('studyPlans', 'study plan', 'study plans'),
];

function counted(name: keyof Figures, one: string, many: string): Figure {
  return {
    name,
    figureIn: (statistics) => statistics[name],
    wordsFor: (statistics) => (statistics?.[name] === 1 ? one : many),
  };
}
