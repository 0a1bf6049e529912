import * as protocol from '@querycast/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzz, TIMEOUT_MS } from '../run/fuzz.js';
import { isGoodPosition, isGoodRoom, isWhole } from '../run/judge.js';
import { parsedJson } from '../run/parsed-json.js';
import { key, position, room } from '../values/messages.js';
import { broken, mutatedText } from '../values/mutated.js';
import { nastyText } from '../values/nasty.js';

type Fields = Readonly<Record<string, unknown>>;

const keys = fc.array(key, { maxLength: 3 });
const row = fc.record({ room, position, status: fc.constantFrom('recovered', 'resync', 'fresh'), keys });
const spreadMs = fc.constantFrom(undefined, 0, 300_000);
const count = fc.constantFrom(0, 1, 15_000);

/** A row without which nothing can be compared, matched or waited for. */
const isRow = (value: unknown) =>
  fieldsOf(value, ({ room, position, status, keys }) => isPlace(room, position) && isText(status) && areKeys(keys));
const isPlace = (room: unknown, position: unknown) => isGoodRoom(room) && isGoodPosition(position);
const isText = (value: unknown) => typeof value === 'string';
const areRows = (value: unknown) => Array.isArray(value) && value.every(isRow);
/** Nothing that would match every query. */
const areKeys = (value: unknown) =>
  Array.isArray(value) && value.every((each) => Array.isArray(each) && isText(each[0]) && each[0] !== '');
const isCount = (value: unknown) => isWhole(value, 0, Number.MAX_SAFE_INTEGER);
const isSpread = (value: unknown) => value === undefined || isWhole(value, 0, 300_000);

function fieldsOf(value: unknown, check: (fields: Fields) => boolean): boolean {
  return typeof value === 'object' && value !== null && check(value as Fields);
}

/** Each message of a gateway: good ones, how the client reads it, and what it must not take. */
const MESSAGES: readonly (readonly [
  fc.Arbitrary<unknown>,
  (value: unknown) => unknown,
  (fields: Fields) => boolean,
])[] = [
  [row, protocol.decodeRow, (fields) => isRow(fields)],
  [
    fc.record({
      protocol: fc.constant(1),
      session: nastyText,
      live: fc.boolean(),
      heartbeatMs: count,
      rooms: fc.array(row, { maxLength: 2 }),
    }),
    protocol.decodeReady,
    ({ live, heartbeatMs, rooms, protocol: version }) =>
      typeof live === 'boolean' &&
      isCount(heartbeatMs) &&
      areRows(rooms) &&
      isWhole(version, -(2 ** 53) + 1, 2 ** 53 - 1),
  ],
  [
    fc.record({ room, prev: position, position, keys, at: count, spreadMs }),
    protocol.decodeInvalidate,
    (fields) =>
      isPlace(fields['room'], fields['prev']) &&
      isGoodPosition(fields['position']) &&
      areKeys(fields['keys']) &&
      isSpread(fields['spreadMs']),
  ],
  [
    fc.record({ room, position, reason: fc.constant('epoch'), spreadMs }),
    protocol.decodeResync,
    (fields) => isPlace(fields['room'], fields['position']) && isSpread(fields['spreadMs']),
  ],
  [fc.record({ live: fc.boolean() }), protocol.decodeStatus, ({ live }) => typeof live === 'boolean'],
  [fc.record({ rooms: fc.array(row, { maxLength: 2 }) }), protocol.decodeJoined, ({ rooms }) => areRows(rooms)],
  [fc.record({ room, code: nastyText }), protocol.decodeLeft, (fields) => isGoodRoom(fields['room'])],
  [fc.record({ code: nastyText }), protocol.decodeEvicted, ({ code }) => isText(code)],
  [fc.record({ withinMs: count }), protocol.decodeDrain, ({ withinMs }) => isCount(withinMs)],
  [fc.record({ inMs: count }), protocol.decodeExpiring, ({ inMs }) => isCount(inMs)],
  [
    fc.record({ code: nastyText, message: nastyText, retryAfterMs: count }, { requiredKeys: ['code', 'message'] }),
    protocol.decodeConnectRefusal,
    ({ code, message, retryAfterMs }) =>
      isText(code) && code !== '' && isText(message) && (retryAfterMs === undefined || isCount(retryAfterMs)),
  ],
  [
    fc.oneof(
      row.map((each) => ({ ...each, ok: true })),
      fc.record({ ok: fc.constant(false), code: nastyText, message: nastyText }),
    ),
    protocol.decodeSubscribeAck,
    (fields) =>
      (fields['ok'] === true && isRow(fields)) ||
      (fields['ok'] === false && isText(fields['code']) && isText(fields['message'])),
  ],
];

const message = fc.nat(MESSAGES.length - 1).chain((kind) => {
  const [good = fc.constant(null)] = MESSAGES[kind] ?? [];
  return fc.record({ kind: fc.constant(kind), text: mutatedText(good) });
});

test(
  'the client takes from a gateway what it can compare, match and wait for, exactly, and nothing else',
  async () => {
    const outcomes = await fuzz({
      door: 'messages to the client',
      seed: 103,
      input: message,
      judge({ kind, text }) {
        const value = parsedJson(text);
        const [, decode = () => undefined, isGood = () => false] = MESSAGES[kind] ?? [];
        const decoded = decode(value);
        expect(decoded !== undefined).toBe(fieldsOf(value, isGood));
        if (decoded !== undefined) expect(decoded).toBe(value);
        return decoded === undefined ? 'refused' : 'taken';
      },
    });
    expect(Object.keys(outcomes).sort()).toEqual(['refused', 'taken']);
  },
  TIMEOUT_MS,
);

const header = fc
  .array(fc.tuple(room, position), { maxLength: 4 })
  .map((entries) => entries.map(([name, at]) => `${name}=${at}`).join(', '));

test(
  'the client takes a position from the header for a room that stands there once, and none else',
  async () => {
    await fuzz({
      door: 'the position header',
      seed: 104,
      input: fc.oneof(header, broken(header), broken(broken(header)), nastyText),
      judge(text) {
        const positions = protocol.parsePositionHeader(text);
        const entries = text.split(',').map((entry) => entry.trim().split('='));
        const taken = entries.filter(
          ([name, at, ...more], index) =>
            isPlace(name, at) &&
            more.length === 0 &&
            !entries.some(([other], place) => other === name && place !== index),
        );
        expect(positions).toEqual(Object.fromEntries(taken));
        expect(Object.getPrototypeOf(positions)).toBe(Object.prototype);
        return taken.length === 0 ? 'nothing' : 'positions';
      },
    });
  },
  TIMEOUT_MS,
);
