/**
 * Reads what a gateway sends without a schema library, for browsers. Each decoder answers `undefined` for a message the
 * schema of the same name refuses, and drops unknown fields; `decode.test.ts` holds the two together.
 */
import { ACK_CODES, EVICTED_CODES, RESYNC_REASONS } from './codes.js';
import { MAX_LOG_ENTRIES, MAX_REASON_LENGTH, MAX_SERVER_FRAME_KEYS, MAX_SPREAD_MS } from './limits.js';
import type {
  Drain,
  Evicted,
  Expiring,
  Invalidate,
  Joined,
  Left,
  Ready,
  Refusal,
  Resync,
  Row,
  RowStatus,
  Status,
  SubscribeAck,
} from './messages.js';
import { isPosition } from './position.js';
import { isQueryKey, type QueryKey } from './query-key.js';
import { isReason } from './reason.js';
import { isRoom } from './room.js';

const ROW_STATUSES = ['recovered', 'resync', 'fresh'] as const satisfies readonly RowStatus[];

/** Reads a row; `undefined` when malformed. */
export function decodeRow(value: unknown): Row | undefined {
  if (!isRecord(value)) return undefined;
  const { room, position, status, keys } = value;
  if (!isRoom(room) || !isPosition(position) || !isOneOf(ROW_STATUSES, status)) return undefined;
  return areKeys(keys, 0, MAX_LOG_ENTRIES) ? { room, position, status, keys } : undefined;
}

/** Reads `ready`; `undefined` when malformed. */
export function decodeReady(value: unknown): Ready | undefined {
  if (!isRecord(value)) return undefined;
  const { protocol, session, node, live, heartbeatMs } = value;
  const rooms = decodeRows(value['rooms']);
  if (!isInteger(protocol) || !isText(session) || !isText(node) || typeof live !== 'boolean') return undefined;
  if (!isInteger(heartbeatMs) || heartbeatMs <= 0 || !rooms) return undefined;
  return { protocol, session, node, live, heartbeatMs, rooms };
}

/** Reads `invalidate`; `undefined` when malformed. */
export function decodeInvalidate(value: unknown): Invalidate | undefined {
  if (!isRecord(value)) return undefined;
  const { room, prev, position, keys, at, reason, spreadMs } = value;
  if (!isRoom(room) || !isPosition(prev) || !isPosition(position) || !isDuration(at)) return undefined;
  if (!areKeys(keys, 1, MAX_SERVER_FRAME_KEYS)) return undefined;
  if (!isOptional(isReason, reason) || !isOptional(isSpread, spreadMs)) return undefined;
  return { room, prev, position, keys, at, ...present({ reason, spreadMs }) };
}

/** Reads `resync`; `undefined` when malformed. */
export function decodeResync(value: unknown): Resync | undefined {
  if (!isRecord(value)) return undefined;
  const { room, position, reason, spreadMs } = value;
  if (!isRoom(room) || !isPosition(position) || !isOneOf(RESYNC_REASONS, reason)) return undefined;
  return isOptional(isSpread, spreadMs) ? { room, position, reason, ...present({ spreadMs }) } : undefined;
}

/** Reads `status`; `undefined` when malformed. */
export function decodeStatus(value: unknown): Status | undefined {
  if (!isRecord(value)) return undefined;
  const { live, reason } = value;
  if (typeof live !== 'boolean' || !isOptional(isShortText, reason)) return undefined;
  return { live, ...present({ reason }) };
}

/** Reads `joined`; `undefined` when malformed. */
export function decodeJoined(value: unknown): Joined | undefined {
  const rooms = isRecord(value) ? decodeRows(value['rooms']) : undefined;
  return rooms && { rooms };
}

/** Reads `left`; `undefined` when malformed. */
export function decodeLeft(value: unknown): Left | undefined {
  if (!isRecord(value)) return undefined;
  const { room, code } = value;
  return isRoom(room) && isShortText(code) ? { room, code } : undefined;
}

/** Reads `evicted`; `undefined` when malformed. */
export function decodeEvicted(value: unknown): Evicted | undefined {
  if (!isRecord(value)) return undefined;
  const { code } = value;
  return isOneOf(EVICTED_CODES, code) ? { code } : undefined;
}

/** Reads `drain`; `undefined` when malformed. */
export function decodeDrain(value: unknown): Drain | undefined {
  if (!isRecord(value)) return undefined;
  const { withinMs } = value;
  return isDuration(withinMs) ? { withinMs } : undefined;
}

/** Reads `expiring`; `undefined` when malformed. */
export function decodeExpiring(value: unknown): Expiring | undefined {
  if (!isRecord(value)) return undefined;
  const { inMs } = value;
  return isDuration(inMs) ? { inMs } : undefined;
}

/** Reads the acknowledgement of `subscribe`; `undefined` when malformed. */
export function decodeSubscribeAck(value: unknown): SubscribeAck | undefined {
  if (!isRecord(value)) return undefined;
  if (value['ok'] === false) return decodeRefusal(value);
  const row = value['ok'] === true ? decodeRow(value) : undefined;
  return row && { ok: true, ...row };
}

function decodeRefusal(value: Record<string, unknown>): Refusal | undefined {
  const { code, message } = value;
  return isOneOf(ACK_CODES, code) && typeof message === 'string' ? { ok: false, code, message } : undefined;
}

function decodeRows(value: unknown): Row[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const rows: Row[] = [];
  for (const item of value) {
    const row = decodeRow(item);
    if (!row) return undefined;
    rows.push(row);
  }
  return rows;
}

function areKeys(value: unknown, least: number, most: number): value is QueryKey[] {
  return Array.isArray(value) && value.length >= least && value.length <= most && value.every(isQueryKey);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOneOf<T extends string>(list: readonly T[], value: unknown): value is T {
  return list.some((item) => item === value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_REASON_LENGTH;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isDuration(value: unknown): value is number {
  return isInteger(value) && value >= 0;
}

function isSpread(value: unknown): value is number {
  return isDuration(value) && value <= MAX_SPREAD_MS;
}

function isOptional<T>(check: (value: unknown) => value is T, value: unknown): value is T | undefined {
  return value === undefined || check(value);
}

/** Leaves out what is undefined, so that an absent field stays absent. */
function present<T extends Record<string, unknown>>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) result[name] = value;
  return result as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
