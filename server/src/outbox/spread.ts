import { MAX_SPREAD_MS } from '@querycast/protocol';
import type { PlannedEnvelope } from './plan.js';
import { isWide } from './width.js';

/** Over how long refetches are spread. */
export interface SpreadSettings {
  /** For late rows, in milliseconds; 0 for not at all. */
  readonly lateSpreadMs: number;
  /** How many rooms of one transaction may refetch per second. */
  readonly roomsPerSecond: number;
}

/** Over how many milliseconds clients spread the refetches of an envelope, at most as many as they accept; 0 for at once. */
export function spreadOf(
  { rooms, late }: Pick<PlannedEnvelope, 'rooms' | 'late'>,
  { lateSpreadMs, roomsPerSecond }: SpreadSettings,
): number {
  const wideMs = isWide(rooms) ? Math.min(Math.ceil((rooms * 1_000) / roomsPerSecond), MAX_SPREAD_MS) : 0;
  return Math.max(wideMs, late ? lateSpreadMs : 0);
}
