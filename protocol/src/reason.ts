import { MAX_REASON_LENGTH } from './limits.js';

const REASON = new RegExp(`^[a-z0-9._-]{1,${MAX_REASON_LENGTH}}$`);

/** Whether `value` is a reason: 1..64 of `a-z 0-9 . _ -`. */
export function isReason(value: unknown): value is string {
  return typeof value === 'string' && REASON.test(value);
}
