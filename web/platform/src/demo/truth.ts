import type { ParentDashboard } from '@querycast/platform-protocol';

/** All that a dashboard shows, as a text that two of them can be compared by. */
export type ShownState = string;

/** What a dashboard shows. The order of lists counts, as it is shown; that of an object's names does not. */
export function stateOf(dashboard: ParentDashboard): ShownState {
  return JSON.stringify(dashboard, (_name, value: unknown) => (isPlainObject(value) ? inOrder(value) : value));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inOrder(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
