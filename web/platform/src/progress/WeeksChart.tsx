import { BarChart } from '@mantine/charts';
import type { CompletedWeek } from '@querycast/platform-protocol';
import { formatDate } from '../app/dates.js';
import { ChartFigure } from './ChartFigure.js';
import { chartLook } from './chart-look.js';
import { chartWeeks } from './chart-weeks.js';

/** How many materials a student completed in each week. */
export function WeeksChart({ weeks }: { weeks: readonly CompletedWeek[] }) {
  const shown = chartWeeks(weeks);
  return (
    <ChartFigure
      caption="Materials completed per week"
      columns={['Week of', 'Completed']}
      rows={shown.map(({ weekStartDate, completed }) => ({
        label: `${formatDate(weekStartDate)} ${weekStartDate.slice(0, 4)}`,
        value: String(completed),
      }))}
      empty="Each week in which a material is completed gets a bar here."
    >
      <BarChart
        {...chartLook}
        h={248}
        data={shown.map(({ weekStartDate, completed }) => ({ week: formatDate(weekStartDate), completed }))}
        dataKey="week"
        series={[{ name: 'completed', color: 'var(--qc-accent)' }]}
        // A week without any has its place, and no figure.
        valueFormatter={(value) => (value === 0 ? '' : String(value))}
        gridAxis="x"
        maxBarWidth={32}
        barProps={{ radius: [5, 5, 0, 0] }}
        xAxisProps={{ minTickGap: 16 }}
        withYAxis={false}
        yAxisProps={{ domain: [0, (most: number) => Math.max(2, most)], allowDecimals: false }}
        barChartProps={{ margin: { top: 24, right: 8, bottom: 4, left: 8 } }}
      />
    </ChartFigure>
  );
}
