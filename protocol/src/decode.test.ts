import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import { HOSTILE, queryKey, text } from './arbitrary.test.support.js';
import { ACK_CODES, CONNECT_CODES, EVICTED_CODES, RESYNC_REASONS } from './codes.js';
import * as decode from './decode.js';
import { MAX_LOG_ENTRIES, MAX_REASON_LENGTH, MAX_SERVER_FRAME_KEYS, MAX_SPREAD_MS } from './limits.js';
import * as schemas from './schemas.js';

// Millions of comparisons: generous, so that a busy machine does not fail them.
vi.setConfig({ testTimeout: 30_000 });

const room = fc.constantFrom('parent:42', 'class:7b', 'constructor:__proto__');
const position = fc.tuple(fc.constantFrom('k3', '_-'), fc.maxSafeNat()).map(([epoch, offset]) => `${epoch}:${offset}`);
const duration = fc.maxSafeNat();
const spreadMs = fc.integer({ min: 0, max: MAX_SPREAD_MS });
const reason = fc.stringMatching(/^[a-z0-9._-]{1,64}$/);
const shortText = fc.string({ unit: 'binary', maxLength: MAX_REASON_LENGTH / 2 });
const someText = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
const status = fc.constantFrom('recovered', 'resync', 'fresh');

const rowFields = { room, position, status, keys: fc.array(queryKey, { maxLength: 3 }) };
const rows = fc.array(fc.record(rowFields), { maxLength: 3 });

interface Pair {
  readonly decode: (value: unknown) => unknown;
  readonly schema: z.ZodType;
  readonly valid: fc.Arbitrary<unknown>;
}

/** Every decoder, the schema it must agree with, and valid messages made without either. */
const PAIRS: Readonly<Record<Extract<keyof typeof decode, `decode${string}`>, Pair>> = {
  decodeRow: { decode: decode.decodeRow, schema: schemas.rowSchema, valid: fc.record(rowFields) },
  decodeReady: {
    decode: decode.decodeReady,
    schema: schemas.readySchema,
    valid: fc.record({
      protocol: fc.maxSafeInteger(),
      session: someText,
      node: someText,
      live: fc.boolean(),
      heartbeatMs: fc.maxSafeNat().map((value) => Math.max(1, value)),
      rooms: rows,
    }),
  },
  decodeInvalidate: {
    decode: decode.decodeInvalidate,
    schema: schemas.invalidateSchema,
    valid: fc.record(
      {
        room,
        prev: position,
        position,
        keys: fc.array(queryKey, { minLength: 1, maxLength: 3 }),
        at: duration,
        reason,
        spreadMs,
      },
      { requiredKeys: ['room', 'prev', 'position', 'keys', 'at'] },
    ),
  },
  decodeResync: {
    decode: decode.decodeResync,
    schema: schemas.resyncSchema,
    valid: fc.record(
      { room, position, reason: fc.constantFrom(...RESYNC_REASONS), spreadMs },
      { requiredKeys: ['room', 'position', 'reason'] },
    ),
  },
  decodeStatus: {
    decode: decode.decodeStatus,
    schema: schemas.statusSchema,
    valid: fc.record({ live: fc.boolean(), reason: shortText }, { requiredKeys: ['live'] }),
  },
  decodeJoined: { decode: decode.decodeJoined, schema: schemas.joinedSchema, valid: fc.record({ rooms: rows }) },
  decodeLeft: { decode: decode.decodeLeft, schema: schemas.leftSchema, valid: fc.record({ room, code: shortText }) },
  decodeEvicted: {
    decode: decode.decodeEvicted,
    schema: schemas.evictedSchema,
    valid: fc.record({ code: fc.constantFrom(...EVICTED_CODES) }),
  },
  decodeDrain: { decode: decode.decodeDrain, schema: schemas.drainSchema, valid: fc.record({ withinMs: duration }) },
  decodeExpiring: {
    decode: decode.decodeExpiring,
    schema: schemas.expiringSchema,
    valid: fc.record({ inMs: duration }),
  },
  decodeSubscribeAck: {
    decode: decode.decodeSubscribeAck,
    schema: schemas.subscribeAckSchema,
    valid: fc.oneof(
      fc.record({ ok: fc.constant(true), ...rowFields }),
      fc.record({ ok: fc.constant(false), code: fc.constantFrom(...ACK_CODES), message: text }),
    ),
  },
  decodeConnectRefusal: {
    decode: decode.decodeConnectRefusal,
    schema: schemas.connectRefusalSchema,
    valid: fc.record(
      {
        code: fc.constantFrom(...Object.keys(CONNECT_CODES), 'of_a_newer_gateway'),
        message: text,
        retryAfterMs: duration,
      },
      { requiredKeys: ['code', 'message'] },
    ),
  },
};

/** What the schema makes of a value; a schema that throws, as zod does for a throwing getter, refuses. */
function parse(schema: z.ZodType, value: unknown): unknown {
  try {
    return schema.safeParse(value).data;
  } catch {
    return undefined;
  }
}

/** Hostile values small enough for a schema, which reads whole arrays before it looks at their length. */
const SMALL = HOSTILE.filter(([name]) => !/100,000|hundred thousand|million|billion|longest/.test(name));

/** Values at and just beyond a rule, and such as belong into other fields. */
const NEAR_MISSES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    -1,
    0.5,
    MAX_SPREAD_MS,
    MAX_SPREAD_MS + 1,
    2 ** 53 - 1,
    2 ** 53,
    1 - 2 ** 53,
    -(2 ** 53),
  ],
  ...['', 'a', 'A', '1', 'parent:42', 'Parent:42', 'k3:7', 'k3:07', 'k3', 'recovered', 'RESYNC', 'epoch', 'forbidden'],
  ...['r'.repeat(MAX_REASON_LENGTH), 'r'.repeat(MAX_REASON_LENGTH + 1), 'a b'],
  ...[[], ['a'], [['a']], [[]], [1], [null], ['a', { b: 1 }], [['a'], undefined], {}, { room: 'parent:42' }],
  Array.from({ length: MAX_SERVER_FRAME_KEYS }, (_, index) => ['a', index]),
  Array.from({ length: MAX_SERVER_FRAME_KEYS + 1 }, (_, index) => ['a', index]),
];

/** Something to put where something else belongs. */
const replacement: fc.Arbitrary<() => unknown> = fc.oneof(
  fc.constantFrom(...SMALL.map(([, make]) => make)),
  fc.constantFrom(...NEAR_MISSES).map((value) => () => structuredClone(value)),
);

interface Mutation {
  readonly path: readonly number[];
  readonly act: string;
  readonly name: string;
  readonly make: () => unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  /** How far to walk, and which turn to take at each step. */
  path: fc.array(fc.nat(), { maxLength: 4 }),
  act: fc.constantFrom('replace', 'delete', 'add', 'duplicate'),
  name: fc.constantFrom('__proto__', 'constructor', 'toJSON', 'ok', 'reason', 'spreadMs', 'retryAfterMs', 'extra'),
  make: replacement,
});

/** Changes one place of a message, wherever the path leads; a place that throws when it is walked stays as it is. */
function mutate(message: unknown, change: Mutation): unknown {
  try {
    return changed(message, change);
  } catch {
    return message;
  }
}

function changed(message: unknown, { path, act, name, make }: Mutation): unknown {
  if (path.length === 0) return act === 'replace' ? make() : message;
  let place: unknown = message;
  for (const [step, turn] of path.entries()) {
    if (typeof place !== 'object' || place === null) return message;
    const names = Object.keys(place);
    const next = names[turn % Math.max(names.length, 1)];
    if (next === undefined) return message;
    if (step < path.length - 1) {
      place = Reflect.get(place, next);
    } else if (act === 'replace') {
      Reflect.set(place, next, make());
    } else if (act === 'delete') {
      Reflect.deleteProperty(place, next);
    } else if (act === 'add') {
      Object.defineProperty(place, name, { value: make(), enumerable: true, configurable: true, writable: true });
    } else if (Array.isArray(place)) {
      place.push(place[turn % place.length]);
    }
  }
  return message;
}

describe.each(Object.entries(PAIRS))('%s', (_, { decode: read, schema, valid }) => {
  test('gives every valid message back as it is, and so does its schema', () => {
    fc.assert(
      fc.property(valid, (message) => {
        const received: unknown = JSON.parse(JSON.stringify(message));
        expect(read(received)).toEqual(received);
        expect(parse(schema, received)).toEqual(received);
        expect(JSON.stringify(sorted(read(received)))).toBe(JSON.stringify(sorted(parse(schema, received))));
      }),
    );
  });

  test('accepts what its schema accepts after any few changes to a message, with the same result, and never throws', () => {
    let refused = 0;
    let accepted = 0;
    fc.assert(
      fc.property(valid, fc.array(mutation, { minLength: 1, maxLength: 3 }), (message, mutations) => {
        const received = mutations.reduce<unknown>(mutate, JSON.parse(JSON.stringify(message)));
        const decoded = read(received);
        expect(decoded).toEqual(parse(schema, received));
        if (decoded === undefined) refused += 1;
        else accepted += 1;
      }),
      { numRuns: 300 },
    );
    // Otherwise the comparison proves nothing.
    expect(refused).toBeGreaterThan(30);
    expect(accepted).toBeGreaterThan(15);
  });

  test('accepts in each field what its schema accepts there, for every near miss and everything hostile', () => {
    for (const message of fc.sample(valid, { numRuns: 3, seed: 1 })) {
      const plain = JSON.parse(JSON.stringify(message)) as object;
      const values = [...NEAR_MISSES, ...SMALL.map(([, make]) => make())];
      for (const field of Object.keys(plain)) {
        for (const value of values) {
          const received = { ...plain, [field]: value };
          expect(read(received), `${field}: ${typeof value}`).toEqual(parse(schema, received));
        }
      }
    }
  });

  test('drops fields it does not know, those that objects inherit included', () => {
    fc.assert(
      fc.property(valid, (message) => {
        const plain: unknown = JSON.parse(JSON.stringify(message));
        const text = JSON.stringify(message).replace(/^\{/, '{"__proto__":{"polluted":1},"constructor":1,"extra":1,');
        const decoded = read(JSON.parse(text));
        expect(decoded).toEqual(plain);
        expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
      }),
      { numRuns: 20 },
    );
  });

  test('refuses everything hostile without a throw, as its schema does', () => {
    for (const [name, make] of HOSTILE) {
      expect(read(make()), name).toBeUndefined();
      expect(parse(schema, make()), name).toBeUndefined();
    }
  });

  test('neither throws nor hangs with anything hostile in any field', () => {
    const [message] = fc.sample(valid, { numRuns: 1, seed: 1 });
    if (typeof message !== 'object' || message === null) throw new Error('a message is an object');
    for (const [name, make] of HOSTILE) {
      const value = make();
      for (const field of Object.keys(message)) {
        expect(() => read({ ...message, [field]: value }), name).not.toThrow();
        expect(() => read({ ...message, [field]: [value] }), name).not.toThrow();
      }
    }
  });

  test('refuses a message that throws when it is read', () => {
    const [message] = fc.sample(valid, 1);
    if (typeof message !== 'object' || message === null) throw new Error('a message is an object');
    for (const name of Object.keys(message)) {
      const trap = () => {
        throw new Error('thrown by hostile input');
      };
      expect(read(Object.defineProperty({ ...message }, name, { get: trap, enumerable: true }))).toBeUndefined();
    }
  });
});

describe('the limits of a frame', () => {
  const keys = (length: number) => Array.from({ length }, (_, index) => ['a', index]);
  const frame = { room: 'parent:42', prev: 'k3:1', position: 'k3:2', at: 1 };
  const row = { room: 'parent:42', position: 'k3:2', status: 'recovered' };

  test(`an invalidate carries 1..${MAX_SERVER_FRAME_KEYS} keys`, () => {
    expect(decode.decodeInvalidate({ ...frame, keys: keys(0) })).toBeUndefined();
    expect(decode.decodeInvalidate({ ...frame, keys: keys(1) })).toBeDefined();
    expect(decode.decodeInvalidate({ ...frame, keys: keys(MAX_SERVER_FRAME_KEYS) })).toBeDefined();
    expect(decode.decodeInvalidate({ ...frame, keys: keys(MAX_SERVER_FRAME_KEYS + 1) })).toBeUndefined();
  });

  test(`a row carries 0..${MAX_LOG_ENTRIES} keys`, () => {
    expect(decode.decodeRow({ ...row, keys: keys(0) })).toBeDefined();
    expect(decode.decodeRow({ ...row, keys: keys(MAX_LOG_ENTRIES) })).toBeDefined();
    expect(decode.decodeRow({ ...row, keys: keys(MAX_LOG_ENTRIES + 1) })).toBeUndefined();
  });

  test(`a spread is ${MAX_SPREAD_MS} ms at most, and never negative`, () => {
    const spread = (spreadMs: number) => decode.decodeInvalidate({ ...frame, keys: keys(1), spreadMs });
    expect(spread(0)).toBeDefined();
    expect(spread(MAX_SPREAD_MS)).toBeDefined();
    expect(spread(MAX_SPREAD_MS + 1)).toBeUndefined();
    expect(spread(-1)).toBeUndefined();
  });

  test(`the reason of a status and the code of a left are ${MAX_REASON_LENGTH} characters at most`, () => {
    const at = 'r'.repeat(MAX_REASON_LENGTH);
    expect(decode.decodeStatus({ live: true, reason: at })).toBeDefined();
    expect(decode.decodeStatus({ live: true, reason: `${at}r` })).toBeUndefined();
    expect(decode.decodeLeft({ room: 'parent:42', code: at })).toBeDefined();
    expect(decode.decodeLeft({ room: 'parent:42', code: `${at}r` })).toBeUndefined();
  });
});

/** The same value with names in one order, so that texts can be compared. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(Reflect.get(value, name))]));
}
