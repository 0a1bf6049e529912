import { formatTook, keysOf } from './travel.js';
import type { StepState } from './use-step.js';

/** What a step says to a screen reader: once when it failed, once when the pane kept by Querycast shows it. */
export function stepNews(state: StepState, room: string): string {
  if (state.status === 'failed') return state.why;
  if (state.status !== 'done' || !state.travel || state.tookMs.querycast === undefined) return '';
  const keys = keysOf(state.travel, room).length;
  return `${state.said} Room ${room} was told ${keys} ${keys === 1 ? 'key' : 'keys'}; on the screen after ${formatTook(state.tookMs.querycast)}.`;
}
