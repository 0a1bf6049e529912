import { chosen, dayOfThisCentury, text } from '../forms/rules.js';

/** What the server asks of a weekly report as well. */
export const weeklyRules = {
  studentId: chosen,
  weekStartDate: dayOfThisCentury,
  summary: text({ max: 10_000, lines: true }),
};
