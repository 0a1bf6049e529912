import { MAX_ROOM_ID_LENGTH, MAX_ROOM_KIND_LENGTH } from './limits.js';

/** The audience of an invalidation and the unit of authorisation: `<kind>:<id>`, e.g. `parent:42`. */
export type Room = `${string}:${string}`;

const ROOM = new RegExp(`^[a-z][a-z0-9-]{0,${MAX_ROOM_KIND_LENGTH - 1}}:[A-Za-z0-9_.-]{1,${MAX_ROOM_ID_LENGTH}}$`);

/** Whether `value` is a well-formed room. */
export function isRoom(value: unknown): value is Room {
  return typeof value === 'string' && ROOM.test(value);
}

/** The rule a malformed room breaks, as one sentence without the value; `undefined` when `value` is a room. */
export function roomProblem(value: unknown): string | undefined {
  if (isRoom(value)) return undefined;
  if (typeof value !== 'string')
    return `a room must be a string like "parent:42", got ${value === null ? 'null' : typeof value}`;
  return `a room must look like "parent:42": a lower-case kind, a colon, an id of 1..${MAX_ROOM_ID_LENGTH} of A-Z a-z 0-9 _ . - (got ${value.length} characters)`;
}
