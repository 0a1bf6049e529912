import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { HOSTILE, queryKey, text } from './arbitrary.test.support.js';
import { ACK_CODES, CONNECT_CODES, EVICTED_CODES, RESYNC_REASONS } from './codes.js';
import * as decode from './decode.js';
import { MAX_REASON_LENGTH, MAX_SPREAD_MS } from './limits.js';
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
  /** What a page relies on, without the limits and the lists of codes that are the gateway's to keep. */
  readonly safe: z.ZodType;
  readonly valid: fc.Arbitrary<unknown>;
}

const safeKeys = z.array(z.array(z.unknown()).refine(([root]) => typeof root === 'string' && root !== ''));
const count = z.number().int().min(0);
const optionalSpread = schemas.invalidateSchema.shape.spreadMs;
const safeRow = z.looseObject({
  room: schemas.roomSchema,
  position: schemas.positionSchema,
  status: z.string(),
  keys: safeKeys,
});

/** Every decoder, the schema of what it reads, what it must agree with exactly, and valid messages made without any of them. */
const PAIRS: Readonly<Record<Extract<keyof typeof decode, `decode${string}`>, Pair>> = {
  decodeRow: { decode: decode.decodeRow, schema: schemas.rowSchema, safe: safeRow, valid: fc.record(rowFields) },
  decodeReady: {
    decode: decode.decodeReady,
    schema: schemas.readySchema,
    safe: z.looseObject({ protocol: z.number().int(), live: z.boolean(), heartbeatMs: count, rooms: z.array(safeRow) }),
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
    safe: z.looseObject({
      room: schemas.roomSchema,
      prev: schemas.positionSchema,
      position: schemas.positionSchema,
      keys: safeKeys,
      spreadMs: optionalSpread,
    }),
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
    safe: z.looseObject({ room: schemas.roomSchema, position: schemas.positionSchema, spreadMs: optionalSpread }),
    valid: fc.record(
      { room, position, reason: fc.constantFrom(...RESYNC_REASONS), spreadMs },
      { requiredKeys: ['room', 'position', 'reason'] },
    ),
  },
  decodeStatus: {
    decode: decode.decodeStatus,
    schema: schemas.statusSchema,
    safe: z.looseObject({ live: z.boolean() }),
    valid: fc.record({ live: fc.boolean(), reason: shortText }, { requiredKeys: ['live'] }),
  },
  decodeJoined: {
    decode: decode.decodeJoined,
    schema: schemas.joinedSchema,
    safe: z.looseObject({ rooms: z.array(safeRow) }),
    valid: fc.record({ rooms: rows }),
  },
  decodeLeft: {
    decode: decode.decodeLeft,
    schema: schemas.leftSchema,
    safe: z.looseObject({ room: schemas.roomSchema }),
    valid: fc.record({ room, code: shortText }),
  },
  decodeEvicted: {
    decode: decode.decodeEvicted,
    schema: schemas.evictedSchema,
    safe: z.looseObject({ code: z.string() }),
    valid: fc.record({ code: fc.constantFrom(...EVICTED_CODES) }),
  },
  decodeDrain: {
    decode: decode.decodeDrain,
    schema: schemas.drainSchema,
    safe: z.looseObject({ withinMs: count }),
    valid: fc.record({ withinMs: duration }),
  },
  decodeExpiring: {
    decode: decode.decodeExpiring,
    schema: schemas.expiringSchema,
    safe: z.looseObject({ inMs: count }),
    valid: fc.record({ inMs: duration }),
  },
  decodeSubscribeAck: {
    decode: decode.decodeSubscribeAck,
    schema: schemas.subscribeAckSchema,
    safe: z.union([
      safeRow.extend({ ok: z.literal(true) }),
      z.looseObject({ ok: z.literal(false), code: z.string(), message: z.string() }),
    ]),
    valid: fc.oneof(
      fc.record({ ok: fc.constant(true), ...rowFields }),
      fc.record({ ok: fc.constant(false), code: fc.constantFrom(...ACK_CODES), message: text }),
    ),
  },
  decodeConnectRefusal: {
    decode: decode.decodeConnectRefusal,
    schema: schemas.connectRefusalSchema,
    safe: z.looseObject({ code: z.string().min(1), message: z.string(), retryAfterMs: count.optional() }),
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

/** What the schema makes of a value. */
function parse(schema: z.ZodType, value: unknown): unknown {
  return schema.safeParse(value).data;
}

/** Hostile values small enough for a schema, which reads whole arrays before it looks at their length, as they arrive. */
const SMALL = HOSTILE.filter(([name]) => !/100,000|hundred thousand|million|billion|longest|cycle/.test(name)).flatMap<
  [string, () => unknown]
>(([name, make]) => {
  try {
    const text = JSON.stringify(make());
    return text === undefined ? [] : [[name, () => JSON.parse(text)]];
  } catch {
    // A wire carries neither accessors nor proxies.
    return [];
  }
});

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

describe.each(Object.entries(PAIRS))('%s', (_, { decode: read, schema, safe, valid }) => {
  test('gives every valid message back as it is, and so does its schema', () => {
    fc.assert(
      fc.property(valid, (message) => {
        const received: unknown = JSON.parse(JSON.stringify(message));
        expect(read(received)).toEqual(received);
        expect(parse(schema, received)).toEqual(received);
      }),
    );
  });

  /** What the schema lets through is never refused, and nothing is let through that a page could stumble over. */
  function compare(received: unknown, note?: string): boolean {
    const isAccepted = read(received) !== undefined;
    expect(isAccepted, note).toBe(parse(safe, received) !== undefined);
    if (parse(schema, received) !== undefined) expect(isAccepted, note).toBe(true);
    return isAccepted;
  }

  test('accepts what has the right shape, after any few changes to a message', () => {
    let refused = 0;
    let accepted = 0;
    fc.assert(
      fc.property(valid, fc.array(mutation, { minLength: 1, maxLength: 3 }), (message, mutations) => {
        const changed = mutations.reduce<unknown>(mutate, JSON.parse(JSON.stringify(message)));
        // As it arrives: without holes.
        if (compare(JSON.parse(JSON.stringify(changed)))) accepted += 1;
        else refused += 1;
      }),
      { numRuns: 300 },
    );
    // Otherwise the comparison proves nothing.
    expect(refused).toBeGreaterThan(30);
    expect(accepted).toBeGreaterThan(15);
  });

  test('accepts in each field what has the right shape there, for every near miss and everything hostile', () => {
    for (const message of fc.sample(valid, { numRuns: 3, seed: 1 })) {
      const plain = JSON.parse(JSON.stringify(message)) as object;
      const values = [...NEAR_MISSES, ...SMALL.map(([, make]) => make())];
      for (const field of Object.keys(plain)) {
        for (const value of values) compare({ ...plain, [field]: value }, `${field}: ${typeof value}`);
      }
    }
  });

  test('refuses what holds no field it needs, like everything that is no message', () => {
    for (const [name, make] of SMALL) expect(read(make()), name).toBeUndefined();
    for (const value of NEAR_MISSES) compare(value);
  });
});

test('a spread that no timer could wait for is refused, and so is one that is negative', () => {
  const frame = { room: 'parent:42', prev: 'k3:1', position: 'k3:2', at: 1, keys: [['a']] };
  const spread = (spreadMs: number) => decode.decodeInvalidate({ ...frame, spreadMs });
  expect(spread(0)).toBeDefined();
  expect(spread(MAX_SPREAD_MS)).toBeDefined();
  expect(spread(MAX_SPREAD_MS + 1)).toBeUndefined();
  expect(spread(-1)).toBeUndefined();
});

test('a key that would match every query is refused in a frame and in a row', () => {
  const at = { room: 'parent:42', position: 'k3:2' };
  expect(decode.decodeInvalidate({ ...at, prev: 'k3:1', keys: [['a'], []], at: 1 })).toBeUndefined();
  expect(decode.decodeRow({ ...at, status: 'recovered', keys: [['a'], []] })).toBeUndefined();
});
