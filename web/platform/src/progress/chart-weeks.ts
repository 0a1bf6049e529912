import type { CompletedWeek } from '@querycast/platform-protocol';

/** Half a year: more bars than that are too thin to be told apart on a phone. */
const MOST_WEEKS = 26;
/** A single bar is no chart: before the first week nothing was completed, and that is shown. */
const FEWEST_WEEKS = 6;
const WEEK_MS = 7 * 24 * 3_600_000;

/** The weeks that a chart shows, without gaps, oldest first: those between the first and the last have 0 when nothing was completed. */
export function chartWeeks(weeks: readonly CompletedWeek[]): CompletedWeek[] {
  const [first, last] = [weeks.at(0), weeks.at(-1)];
  if (!first || !last) return [];
  const completed = new Map(weeks.map((week) => [week.weekStartDate, week.completed]));
  const lastMs = Date.parse(last.weekStartDate);
  const between = Math.round((lastMs - Date.parse(first.weekStartDate)) / WEEK_MS) + 1;
  const count = Math.min(MOST_WEEKS, Math.max(FEWEST_WEEKS, between));
  return Array.from({ length: count }, (_, index) => {
    const weekStartDate = new Date(lastMs - (count - 1 - index) * WEEK_MS).toISOString().slice(0, 10);
    return { weekStartDate, completed: completed.get(weekStartDate) ?? 0 };
  });
}
