import { MAX_ROOM_ID_LENGTH, MAX_ROOM_KIND_LENGTH, type Room } from '@querycast/protocol';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { matchPublishTokens } from './publish-tokens.js';
import { isRoomPrefix, roomScope } from './room-scope.js';

/** The real functions, watched. */
const crypto = vi.hoisted(() => ({ hashed: 0, compared: [] as [number, number][] }));
vi.mock('node:crypto', async (load) => {
  const real = await load<typeof import('node:crypto')>();
  return {
    ...real,
    createHash(algorithm: string) {
      crypto.hashed += 1;
      return real.createHash(algorithm);
    },
    timingSafeEqual(a: Uint8Array, b: Uint8Array) {
      crypto.compared.push([a.byteLength, b.byteLength]);
      return real.timingSafeEqual(a, b);
    },
  };
});

const TOKENS = ['first-token', { token: 'second', rooms: ['parent:'] }, 'the-third-and-longest-token'] as const;

describe('the time that a comparison takes', () => {
  beforeEach(() => {
    crypto.hashed = 0;
    crypto.compared = [];
  });

  const HEADERS: [name: string, header: string | undefined, token: string | undefined][] = [
    ['the first token', 'Bearer first-token', 'token-1'],
    ['the second token', 'bearer second', 'token-2'],
    ['the last token', 'Bearer the-third-and-longest-token', 'token-3'],
    ['another token', 'Bearer another', undefined],
    ['the beginning of a token', 'Bearer first-toke', undefined],
    ['a token and more', 'Bearer first-token2', undefined],
    ['a very long token', `Bearer ${'x'.repeat(10_000)}`, undefined],
    ['two words', 'Bearer first-token second', undefined],
    ['an empty token', 'Bearer ', undefined],
    ['another scheme', 'Basic first-token', undefined],
    ['no header', undefined, undefined],
  ];
  it.each(HEADERS)('is one hash and, for every known token, one of 32 bytes with 32: %s', (_name, header, token) => {
    const match = matchPublishTokens(TOKENS);
    expect(crypto.hashed).toBe(TOKENS.length);
    expect(match(header)?.name).toBe(token);
    expect(crypto.hashed).toBe(TOKENS.length + 1);
    expect(crypto.compared).toEqual(TOKENS.map(() => [32, 32]));
  });
});

const SECRET = 'S3CRET-of-a-backend';
const MISTAKES: [name: string, tokens: unknown[]][] = [
  ['none', []],
  ['an empty one', ['']],
  ['an empty one beside another', [SECRET, '']],
  ['two words', [`${SECRET} ${SECRET}`]],
  ['one twice', [SECRET, SECRET]],
  ['one twice, once for some rooms', [SECRET, { token: SECRET, rooms: ['parent:'] }]],
  ['one for no rooms', [{ token: SECRET, rooms: [] }]],
  ['one whose rooms are missing', [{ token: SECRET }]],
  ['one whose rooms are a text', [{ token: SECRET, rooms: 'parent:' }]],
  ['one whose rooms are everything', [{ token: SECRET, rooms: ['*'] }]],
  ['one with an empty prefix, which everything begins with', [{ token: SECRET, rooms: ['parent:', ''] }]],
  ['a kind without its colon', [{ token: SECRET, rooms: ['parent'] }]],
  ['the pattern of a room', [{ token: SECRET, rooms: ['parent:4*'] }]],
  ['a secret in the wrong place', [{ token: 'parent:', rooms: [SECRET] }]],
  ['an empty one for some rooms', [{ token: '', rooms: ['parent:'] }]],
];
it.each(MISTAKES)('a list with a mistake is refused, and its values are not told: %s', (_name, tokens) => {
  const make = () => matchPublishTokens(tokens as string[]);
  expect(make).toThrow(TypeError);
  expect(make).not.toThrow(SECRET);
});

describe('the rooms of a token', () => {
  it('are kinds with their colon, and whole rooms: no room is the beginning of another', () => {
    const covers = roomScope(['parent:4', 'student:']);
    expect((['parent:4', 'student:4', 'student:42'] as Room[]).map(covers)).toEqual([true, true, true]);
    expect((['parent:42', 'parent:', 'parent:5', 'tutor:4', 'students:4'] as Room[]).map(covers)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it.each(['parent', ':', '', 'parent:4:', 'parent:*', 'parent: ', 'Parent:', 'parent:\n', 'a'.repeat(33).concat(':')])(
    'are not %j',
    (text) => {
      expect(isRoomPrefix(text)).toBe(false);
    },
  );

  it.each([undefined, null, 7, ['parent:'], { length: 1 }])('are not %j either', (value) => {
    expect(isRoomPrefix(value)).toBe(false);
  });

  it('are exactly those of its kinds and itself, whatever they are called', () => {
    const kind = fc.stringMatching(new RegExp(`^[a-z][a-z0-9-]{0,${MAX_ROOM_KIND_LENGTH - 1}}$`));
    const id = fc.stringMatching(new RegExp(`^[A-Za-z0-9_.-]{1,${MAX_ROOM_ID_LENGTH}}$`));
    const room = fc.tuple(kind, id).map(([k, i]): Room => `${k}:${i}`);
    fc.assert(
      fc.property(room, fc.array(room, { maxLength: 4 }), fc.array(kind, { maxLength: 4 }), (asked, rooms, kinds) => {
        const prefixes = [...rooms, ...kinds.map((k) => `${k}:`)];
        for (const prefix of prefixes) expect(isRoomPrefix(prefix)).toBe(true);
        const covered = prefixes.some((prefix) => (prefix.endsWith(':') ? asked.startsWith(prefix) : asked === prefix));
        expect(roomScope(prefixes)(asked)).toBe(covered);
        expect(roomScope([...prefixes, asked])(asked)).toBe(true);
        // The beginning of an id is never enough.
        expect(roomScope([asked])(`${asked}0`.slice(0, asked.length + 1) as Room)).toBe(false);
      }),
    );
  });
});
