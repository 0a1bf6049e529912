import type { ReportProgress } from '@querycast/platform-protocol';

/** The most that one report can add, in minutes: a whole day. */
export const MOST_MINUTES = 1_440;

/** What the fields hold: a text where it is no number yet. */
export interface ReportValues extends Record<string, unknown> {
  progressPercentage: number | string;
  timeSpentMinutes: number | string;
}

/** Says what is wrong with a whole number, by the server's limits. For `validate` of a form. */
export function wholeNumberUpTo(most: number): (value: number | string) => string | null {
  return (value) => {
    const number = value === '' ? Number.NaN : Number(value);
    if (!Number.isInteger(number)) return 'Enter a whole number.';
    return number >= 0 && number <= most ? null : `Enter a number from 0 to ${most.toLocaleString('en-GB')}.`;
  };
}

/** What is sent of fields that have passed. */
export function reportOf({ progressPercentage, timeSpentMinutes }: ReportValues): ReportProgress {
  return { progressPercentage: Number(progressPercentage), timeSpentMinutes: Number(timeSpentMinutes) };
}
