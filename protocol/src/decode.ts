/**
 * Reads what a gateway sends without a schema library, for browsers. Each decoder answers `undefined` for a message of
 * another shape than the schema of the same name: one that could not be compared, matched or waited for. Limits and lists of
 * codes are the gateway's to keep; to hold it to them as well would cost every page more bytes than it is worth.
 * `decode.test.ts` says exactly what is accepted. Messages are parsed JSON: reading them never throws.
 */
import { MAX_SPREAD_MS } from './limits.js';
import type {
  ConnectRefusal,
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
  Status,
  SubscribeAck,
} from './messages.js';
import { isPosition } from './position.js';
import { isRoom } from './room.js';

type Check = (value: unknown) => boolean;
type Decoder<T> = (value: unknown) => T | undefined;

/** Accepts an object whose fields all pass; fields without a check are left as they are. */
function shape<T>(checks: { readonly [Name in keyof T]?: Check }): Decoder<T> {
  const entries = Object.entries<Check | undefined>(checks);
  return (value) => {
    const fields = Object(value);
    return entries.every(([name, check]) => check?.(fields[name])) ? fields : undefined;
  };
}

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** Absent, or short enough for a timer. */
const isSpread: Check = (value) => value === undefined || (isCount(value) && Number(value) <= MAX_SPREAD_MS);
const isList = (value: unknown, check: Check) => Array.isArray(value) && value.every(check);
/** An empty key would match every query. */
const isKey: Check = (value) => Array.isArray(value) && isText(value[0]) && value[0] !== '';
const isKeys: Check = (value) => isList(value, isKey);
const isRows: Check = (value) => isList(value, (row) => decodeRow(row) !== undefined);

const ROW = { room: isRoom, position: isPosition, status: isText, keys: isKeys };

/** Reads a row; `undefined` when malformed. */
export const decodeRow = shape<Row>(ROW);

/** Reads `ready`; `undefined` when malformed. */
export const decodeReady = shape<Ready>({
  protocol: Number.isSafeInteger,
  live: isFlag,
  heartbeatMs: isCount,
  rooms: isRows,
});

/** Reads `invalidate`; `undefined` when malformed. */
export const decodeInvalidate = shape<Invalidate>({
  room: isRoom,
  prev: isPosition,
  position: isPosition,
  keys: isKeys,
  spreadMs: isSpread,
});

/** Reads `resync`; `undefined` when malformed. */
export const decodeResync = shape<Resync>({ room: isRoom, position: isPosition, spreadMs: isSpread });

/** Reads `status`; `undefined` when malformed. */
export const decodeStatus = shape<Status>({ live: isFlag });

/** Reads `joined`; `undefined` when malformed. */
export const decodeJoined = shape<Joined>({ rooms: isRows });

/** Reads `left`; `undefined` when malformed. */
export const decodeLeft = shape<Left>({ room: isRoom });

/** Reads `evicted`; `undefined` when malformed. */
export const decodeEvicted = shape<Evicted>({ code: isText });

/** Reads `drain`; `undefined` when malformed. */
export const decodeDrain = shape<Drain>({ withinMs: isCount });

/** Reads `expiring`; `undefined` when malformed. */
export const decodeExpiring = shape<Expiring>({ inMs: isCount });

const decodeRefusal = shape<Refusal>({ ok: (value) => value === false, code: isText, message: isText });
const decodeRowAck = shape<Row & { readonly ok: true }>({ ...ROW, ok: (value) => value === true });

/** Reads the acknowledgement of `subscribe`; `undefined` when malformed. */
export const decodeSubscribeAck = (value: unknown): SubscribeAck | undefined =>
  decodeRefusal(value) ?? decodeRowAck(value);

/** Reads `connect_error.data`; `undefined` when malformed. A code this version does not know is kept. */
export const decodeConnectRefusal = shape<ConnectRefusal>({
  code: (value) => isText(value) && value !== '',
  message: isText,
  retryAfterMs: (value) => value === undefined || isCount(value),
});
