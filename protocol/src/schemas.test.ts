import { describe, expect, test } from 'vitest';
import {
  MAX_ID_LENGTH,
  MAX_KEYS_PER_INVALIDATION,
  MAX_REASON_LENGTH,
  MAX_ROOMS_PER_PUBLISH,
  MAX_SPREAD_MS,
} from './limits.js';
import {
  envelopeSchema,
  handshakeSchema,
  invalidationSchema,
  renewSchema,
  subscribeSchema,
  unsubscribeSchema,
} from './schemas.js';

const invalidation = { rooms: ['parent:42'], keys: [['parent-dashboard']] };
const envelope = { room: 'parent:42', prev: 'k3:1', position: 'k3:2', keys: [['parent-dashboard']], at: 1 };
const keys = (length: number) => Array.from({ length }, (_, index) => ['a', index]);
const rooms = (length: number) => Array.from({ length }, (_, index) => `parent:${index}`);

function publishes(fields: object): boolean {
  return invalidationSchema.safeParse({ ...invalidation, ...fields }).success;
}

describe('an invalidation', () => {
  test('needs rooms and keys, and nothing else', () => {
    expect(publishes({})).toBe(true);
    expect(publishes({ rooms: undefined })).toBe(false);
    expect(publishes({ keys: undefined })).toBe(false);
    expect(publishes({ payload: 'data does not travel' })).toBe(false);
    expect(invalidationSchema.safeParse(JSON.parse('{"rooms":["a:1"],"keys":[["a"]],"__proto__":{}}')).success).toBe(
      false,
    );
  });

  test(`has 1..${MAX_KEYS_PER_INVALIDATION} keys, and never the key that matches everything`, () => {
    expect(
      [0, 1, MAX_KEYS_PER_INVALIDATION, MAX_KEYS_PER_INVALIDATION + 1].map((n) => publishes({ keys: keys(n) })),
    ).toEqual([false, true, true, false]);
    expect(publishes({ keys: [['a'], []] })).toBe(false);
    expect(publishes({ keys: new Array(2) })).toBe(false);
  });

  test(`has 1..${MAX_ROOMS_PER_PUBLISH} rooms`, () => {
    expect([0, 1, MAX_ROOMS_PER_PUBLISH, MAX_ROOMS_PER_PUBLISH + 1].map((n) => publishes({ rooms: rooms(n) }))).toEqual(
      [false, true, true, false],
    );
    expect(publishes({ rooms: 'parent:42' })).toBe(false);
    expect(publishes({ rooms: new Array(2) })).toBe(false);
  });

  test('has an id of whole characters: halves of pairs would all be the same one to Redis', () => {
    expect(publishes({ id: '\u{1f600}' })).toBe(true);
    expect(['\ud800', 'a\udc00b', '\udc00\ud800'].map((id) => publishes({ id }))).toEqual([false, false, false]);
    expect(envelopeSchema.safeParse({ ...envelope, id: '\ud800' }).success).toBe(false);
  });

  test(`has an id of 1..${MAX_ID_LENGTH} characters`, () => {
    expect([0, 1, MAX_ID_LENGTH, MAX_ID_LENGTH + 1].map((n) => publishes({ id: 'i'.repeat(n) }))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test(`has a reason of 1..${MAX_REASON_LENGTH} characters`, () => {
    expect([0, 1, MAX_REASON_LENGTH, MAX_REASON_LENGTH + 1].map((n) => publishes({ reason: 'r'.repeat(n) }))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test(`has a spread of 0..${MAX_SPREAD_MS} whole milliseconds`, () => {
    expect([-1, 0, 0.5, MAX_SPREAD_MS, MAX_SPREAD_MS + 1].map((spreadMs) => publishes({ spreadMs }))).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  test('is refused with one sentence per bad field that says where, and never what', () => {
    const secret = 'hunter2';
    const bad = { rooms: [secret], keys: [['a'], [{ [secret]: 1 }]], id: '', reason: secret.toUpperCase() };
    const issues = invalidationSchema.safeParse(bad).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('.')).sort()).toEqual(['id', 'keys.1', 'reason', 'rooms.0']);
    expect(issues.map((issue) => issue.message).join()).not.toContain(secret);
  });
});

describe('an envelope', () => {
  test('needs its place in the sequence', () => {
    expect(envelopeSchema.safeParse(envelope).success).toBe(true);
    for (const name of Object.keys(envelope)) {
      expect(envelopeSchema.safeParse({ ...envelope, [name]: undefined }).success).toBe(false);
    }
  });

  test('carries what an invalidation may carry, and nothing else', () => {
    const full = { ...envelope, id: 'i', reason: 'r', spreadMs: 1 };
    expect(envelopeSchema.safeParse(full).data).toEqual(full);
    expect(envelopeSchema.safeParse({ ...envelope, payload: 1 }).success).toBe(false);
    expect(envelopeSchema.safeParse({ ...envelope, keys: keys(MAX_KEYS_PER_INVALIDATION + 1) }).success).toBe(false);
  });
});

describe('a handshake', () => {
  const handshake = { token: 't', protocol: 1 };

  test('needs a token and a protocol version', () => {
    expect(handshakeSchema.safeParse(handshake).data).toEqual(handshake);
    for (const bad of [
      {},
      { token: 't' },
      { protocol: 1 },
      { token: '', protocol: 1 },
      { token: 't', protocol: '1' },
    ]) {
      expect(handshakeSchema.safeParse(bad).success).toBe(false);
    }
  });

  test('forgets positions that make no sense: junk in a browser must not lock it out', () => {
    const positions = JSON.parse(
      '{"parent:42":"k3:7","parent:43":"junk","Bad":"k3:7","parent:44":null,"__proto__":"k3:7"}',
    );
    expect(handshakeSchema.safeParse({ ...handshake, positions }).data?.positions).toEqual({ 'parent:42': 'k3:7' });
    expect(handshakeSchema.safeParse({ ...handshake, positions: [] }).success).toBe(false);
  });

  test('names its client in 1..64 characters', () => {
    const named = (length: number) => handshakeSchema.safeParse({ ...handshake, client: 'c'.repeat(length) }).success;
    expect([0, 1, 64, 65].map(named)).toEqual([false, true, true, false]);
  });
});

describe('a request of a client', () => {
  test('names one room and nothing it does not know', () => {
    expect(subscribeSchema.safeParse({ room: 'class:7' }).success).toBe(true);
    expect(subscribeSchema.safeParse({ room: 'class:7', position: 'k3:7' }).success).toBe(true);
    expect(subscribeSchema.safeParse({ room: 'class:7', position: 'junk' }).success).toBe(false);
    expect(subscribeSchema.safeParse({ room: 'class:7', user: 1 }).success).toBe(false);
    expect(unsubscribeSchema.safeParse({ room: 'class:7' }).success).toBe(true);
    expect(unsubscribeSchema.safeParse({}).success).toBe(false);
  });

  test('to renew is a token and nothing else, and a refusal never quotes it', () => {
    expect(renewSchema.safeParse({ token: 't' }).success).toBe(true);
    for (const bad of [{}, { token: '' }, { token: 7 }, { token: ['hunter2'] }, { token: 't', room: 'class:7' }]) {
      const { error } = renewSchema.safeParse(bad);
      expect(error?.issues.length).toBe(1);
      expect(error?.message).not.toContain('hunter2');
    }
  });
});
