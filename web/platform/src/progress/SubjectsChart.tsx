import { BarChart } from '@mantine/charts';
import type { SubjectProgress } from '@querycast/platform-protocol';
import { ChartFigure } from './ChartFigure.js';
import { chartLook } from './chart-look.js';

/** Room for as many characters as beside the bars fit on a phone; the table has the whole name. */
const LONGEST_NAME = 14;
/** Pixels of the axis below, and at least of each bar with the space around it. */
const AXIS_HEIGHT = 36;
const BAR_HEIGHT = 26;
const LEAST_HEIGHT = 248;

/** How far a student has come in each subject, as bars in the subjects' colours. */
export function SubjectsChart({ subjects }: { subjects: readonly SubjectProgress[] }) {
  return (
    <ChartFigure
      caption="Progress by subject"
      columns={['Subject', 'Progress']}
      rows={subjects.map(({ name, progress }) => ({ label: name, value: `${progress} %` }))}
      empty="Each subject gets a bar here."
    >
      <BarChart
        {...chartLook}
        h={Math.max(LEAST_HEIGHT, AXIS_HEIGHT + BAR_HEIGHT * subjects.length)}
        data={subjects.map(({ name, color, progress }) => ({ name: shortened(name), color, progress }))}
        dataKey="name"
        orientation="vertical"
        series={[{ name: 'progress', color: 'var(--qc-accent)' }]}
        valueFormatter={(value) => `${value}%`}
        gridAxis="y"
        maxBarWidth={20}
        barProps={{ radius: [0, 5, 5, 0] }}
        xAxisProps={{ domain: [0, 100], ticks: [0, 25, 50, 75, 100] }}
        yAxisProps={{ width: 108, interval: 0 }}
        barChartProps={{ margin: { top: 4, right: 44, bottom: 4, left: 0 } }}
      />
    </ChartFigure>
  );
}

function shortened(name: string): string {
  const letters = Array.from(name);
  return letters.length <= LONGEST_NAME ? name : `${letters.slice(0, LONGEST_NAME - 1).join('')}…`;
}
