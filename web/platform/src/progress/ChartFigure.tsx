import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './progress-charts.module.css';

/** What a chart shows, in words. */
interface ChartRow {
  /** Of a bar, e.g. a week or a subject. */
  readonly label: string;
  readonly value: string;
}

/** A chart with its caption, and as a table for whoever does not see it. */
export function ChartFigure(props: {
  caption: string;
  /** What labels and values are. */
  columns: readonly [label: string, value: string];
  rows: readonly ChartRow[];
  /** Shown instead of a chart without bars. */
  empty: string;
  children: ReactNode;
}) {
  const { caption, columns, rows, empty, children } = props;
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>{caption}</figcaption>
      {rows.length === 0 ? (
        <p className={classes.empty}>{empty}</p>
      ) : (
        <>
          <div className={classes.plot} aria-hidden="true">
            {children}
          </div>
          <VisuallyHidden>
            <ChartTable caption={caption} columns={columns} rows={rows} />
          </VisuallyHidden>
        </>
      )}
    </figure>
  );
}

function ChartTable(props: { caption: string; columns: readonly [string, string]; rows: readonly ChartRow[] }) {
  const [label, value] = props.columns;
  return (
    <table aria-label={props.caption}>
      <thead>
        <tr>
          <th scope="col">{label}</th>
          <th scope="col">{value}</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.label}>
            <th scope="row">{row.label}</th>
            <td>{row.value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
