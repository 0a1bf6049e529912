/**
 * Reads what a gateway sends without a schema library, for browsers. Each decoder answers `undefined` for a message the
 * schema of the same name refuses, drops unknown fields, and never throws; `decode.test.ts` holds the two together.
 */
import { ACK_CODES, EVICTED_CODES, RESYNC_REASONS } from './codes.js';
import { MAX_LOG_ENTRIES, MAX_REASON_LENGTH, MAX_SERVER_FRAME_KEYS, MAX_SPREAD_MS } from './limits.js';
import type {
  ConnectRefusal,
  Drain,
  Evicted,
  Expiring,
  Invalidate,
  Joined,
  Left,
  Ready,
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
  return read(value, ({ room, position, status, keys: list }) => {
    const keys = readKeys(list, 0, MAX_LOG_ENTRIES);
    if (!isRoom(room) || !isPosition(position) || !isOneOf(ROW_STATUSES, status) || !keys) return undefined;
    return { room, position, status, keys };
  });
}

/** Reads `ready`; `undefined` when malformed. */
export function decodeReady(value: unknown): Ready | undefined {
  return read(value, ({ protocol, session, node, live, heartbeatMs, rooms: list }) => {
    const rooms = readRows(list);
    if (!isInteger(protocol) || !isText(session) || !isText(node) || typeof live !== 'boolean') return undefined;
    if (!isInteger(heartbeatMs) || heartbeatMs <= 0 || !rooms) return undefined;
    return { protocol, session, node, live, heartbeatMs, rooms };
  });
}

/** Reads `invalidate`; `undefined` when malformed. */
export function decodeInvalidate(value: unknown): Invalidate | undefined {
  return read(value, ({ room, prev, position, keys: list, at, reason, spreadMs }) => {
    const keys = readKeys(list, 1, MAX_SERVER_FRAME_KEYS);
    if (!isRoom(room) || !isPosition(prev) || !isPosition(position) || !keys || !isDuration(at)) return undefined;
    if (!isOptional(isReason, reason) || !isOptional(isSpread, spreadMs)) return undefined;
    return { room, prev, position, keys, at, ...present({ reason, spreadMs }) };
  });
}

/** Reads `resync`; `undefined` when malformed. */
export function decodeResync(value: unknown): Resync | undefined {
  return read(value, ({ room, position, reason, spreadMs }) => {
    if (!isRoom(room) || !isPosition(position) || !isOneOf(RESYNC_REASONS, reason)) return undefined;
    return isOptional(isSpread, spreadMs) ? { room, position, reason, ...present({ spreadMs }) } : undefined;
  });
}

/** Reads `status`; `undefined` when malformed. */
export function decodeStatus(value: unknown): Status | undefined {
  return read(value, ({ live, reason }) => {
    if (typeof live !== 'boolean' || !isOptional(isShortText, reason)) return undefined;
    return { live, ...present({ reason }) };
  });
}

/** Reads `joined`; `undefined` when malformed. */
export function decodeJoined(value: unknown): Joined | undefined {
  return read(value, ({ rooms: list }) => {
    const rooms = readRows(list);
    return rooms && { rooms };
  });
}

/** Reads `left`; `undefined` when malformed. */
export function decodeLeft(value: unknown): Left | undefined {
  return read(value, ({ room, code }) => (isRoom(room) && isShortText(code) ? { room, code } : undefined));
}

/** Reads `evicted`; `undefined` when malformed. */
export function decodeEvicted(value: unknown): Evicted | undefined {
  return read(value, ({ code }) => (isOneOf(EVICTED_CODES, code) ? { code } : undefined));
}

/** Reads `drain`; `undefined` when malformed. */
export function decodeDrain(value: unknown): Drain | undefined {
  return read(value, ({ withinMs }) => (isDuration(withinMs) ? { withinMs } : undefined));
}

/** Reads `expiring`; `undefined` when malformed. */
export function decodeExpiring(value: unknown): Expiring | undefined {
  return read(value, ({ inMs }) => (isDuration(inMs) ? { inMs } : undefined));
}

/** Reads the acknowledgement of `subscribe`; `undefined` when malformed. */
export function decodeSubscribeAck(value: unknown): SubscribeAck | undefined {
  return read(value, ({ ok, code, message }) => {
    if (ok === false) return isOneOf(ACK_CODES, code) && isString(message) ? { ok, code, message } : undefined;
    const row = ok === true ? decodeRow(value) : undefined;
    return row && { ok: true, ...row };
  });
}

/** Reads `connect_error.data`; `undefined` when malformed. A code this version does not know is kept. */
export function decodeConnectRefusal(value: unknown): ConnectRefusal | undefined {
  return read(value, ({ code, message, retryAfterMs }) => {
    if (!isText(code) || !isString(message) || !isOptional(isDuration, retryAfterMs)) return undefined;
    return { code, message, ...present({ retryAfterMs }) };
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** Hands the fields of an object to `decode`; `undefined` when there are none. */
function read<T>(value: unknown, decode: (fields: Fields) => T | undefined): T | undefined {
  try {
    return isRecord(value) ? decode(value) : undefined;
  } catch {
    // Only accessors and proxies can throw here; nothing that came over a wire holds either.
    return undefined;
  }
}

function readRows(value: unknown): Row[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const rows: Row[] = [];
  // By index, here and below: a hole is a malformed element, which array methods would skip.
  for (let index = 0; index < value.length; index += 1) {
    const row = decodeRow(value[index]);
    if (!row) return undefined;
    rows.push(row);
  }
  return rows;
}

function readKeys(value: unknown, least: number, most: number): QueryKey[] | undefined {
  if (!Array.isArray(value) || value.length < least || value.length > most) return undefined;
  const keys: QueryKey[] = [];
  for (let index = 0; index < value.length; index += 1) {
    const key: unknown = value[index];
    if (!isQueryKey(key)) return undefined;
    keys.push(key);
  }
  return keys;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOneOf<T extends string>(list: readonly T[], value: unknown): value is T {
  return list.some((item) => item === value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isText(value: unknown): value is string {
  return isString(value) && value !== '';
}

function isShortText(value: unknown): value is string {
  return isString(value) && value.length <= MAX_REASON_LENGTH;
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
function present<T extends Fields>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) result[name] = value;
  return result as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
