import type { ReactNode } from 'react';
import { useGlow } from '../live/use-glow.js';
import classes from './weekly-reports.module.css';

/** Reports side by side where there is room; a new one glows once, the very first one too. */
export function ReportList<Report extends { id: number }>(props: {
  reports: readonly Report[];
  /** Shown instead of an empty list. */
  empty: ReactNode;
  children: (report: Report) => ReactNode;
}) {
  const { reports, empty, children } = props;
  const glow = useGlow(reports.map(({ id }) => [String(id), '']));
  if (reports.length === 0) return empty;
  return (
    <ul className={classes.list}>
      {reports.map((report) => (
        <li key={report.id} className={glow(String(report.id), classes.place)}>
          {children(report)}
        </li>
      ))}
    </ul>
  );
}
