import { formatWeek, mondayOf } from './dates.js';

const DAY_MS = 86_400_000;

/** Today on a Monday, otherwise the Monday to come: the week that one plans for. ISO 8601 without time. */
export function mondayToCome(moment: Date): string {
  return moment.getDay() === 1 ? mondayOf(moment) : addDays(mondayOf(moment), 7);
}

/** A week by its first day, ISO 8601 without time, e.g. `7 Sept – 13 Sept`; empty while the day is not one. */
export function weekFrom(startDate: string): string {
  return Number.isNaN(Date.parse(startDate)) ? '' : formatWeek(startDate, addDays(startDate, 6));
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
