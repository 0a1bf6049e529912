import type { LiveStatus } from '../client/status.js';

/** The status of the live connection; renders again when it changes. */
export function useLiveStatus(): LiveStatus {
  throw new Error('not there yet');
}
