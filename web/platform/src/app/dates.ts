const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const utcDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** The day of a moment where the reader is, e.g. `7 September 2026`. */
export function formatDay(timestamp: string): string {
  return day.format(new Date(timestamp));
}

/** A week by its first and last day, ISO 8601 without time, e.g. `7 Sept – 13 Sept`. */
export function formatWeek(startDate: string, endDate: string): string {
  return `${formatDate(startDate)} – ${formatDate(endDate)}`;
}

/** A date without time, e.g. `7 Sept`. */
export function formatDate(date: string): string {
  return utcDay.format(new Date(`${date}T00:00:00Z`));
}

/** The Monday of the week of a moment, ISO 8601 without time. */
export function mondayOf(moment: Date): string {
  const monday = new Date(Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()));
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  return monday.toISOString().slice(0, 10);
}
