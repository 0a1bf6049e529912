import { randomUUID } from 'node:crypto';
import type { Generation } from './generation.js';

/**
 * What stands in the store while an entry is being computed: a random token, then the generation it is computed for. It
 * holds no data: whether it is there or not decides who computes, never what counts.
 */
export type Lock = string;

const SUFFIX = ':lock';

/** The key under which the lock of an entry is stored. One for all generations, since only the present one matters. */
export function lockKey(key: string): string {
  return `${key}${SUFFIX}`;
}

/** Whether an entry of this key would take the place of another entry's lock. */
export function isLockKey(key: string): boolean {
  return key.endsWith(SUFFIX);
}

/** A lock that nobody else holds. */
export function newLock(generation: Generation): Lock {
  return `${randomUUID()} ${generation}`;
}

/** Whether someone computes for this generation. A lock of another one is left over: its entry could not count. */
export function isLockOf(lock: Lock | undefined, generation: Generation): boolean {
  return lock?.endsWith(` ${generation}`) === true;
}
