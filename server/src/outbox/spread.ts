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

/** By how much the fullest second may exceed what was asked for. */
const PEAK = 1.1;

/**
 * How far above the average the fullest second is taken to be, in standard deviations. Random moments crowd by chance: of
 * 3,000 at 300 a second on average, the fullest second holds 339, and more than 330 in nine of ten spreads. Beyond five
 * deviations it comes less than once in a thousand such spreads.
 */
const DEVIATIONS = 5;

/** Over how many milliseconds clients spread the refetches of an envelope, at most as many as they accept; 0 for at once. */
export function spreadOf(
  { rooms, late }: Pick<PlannedEnvelope, 'rooms' | 'late'>,
  { lateSpreadMs, roomsPerSecond }: SpreadSettings,
): number {
  const wideMs = isWide(rooms) ? Math.min(Math.ceil((rooms * 1_000) / averageOf(roomsPerSecond)), MAX_SPREAD_MS) : 0;
  return Math.max(wideMs, late ? lateSpreadMs : 0);
}

/**
 * The average at which the fullest second stays within {@link PEAK} of the target: `a + DEVIATIONS * √a = PEAK * target`,
 * the deviation of a count being the root of its average. Below 35 a second that would take ever longer for the sake of two
 * or three requests: half the target is slow enough.
 */
function averageOf(target: number): number {
  const root = (Math.sqrt(DEVIATIONS ** 2 + 4 * PEAK * target) - DEVIATIONS) / 2;
  return Math.min(target, Math.max(target / 2, root ** 2));
}
