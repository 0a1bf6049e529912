import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutSecrets } from './without-secrets.js';

test.each([
  ['connect redis://default:hun/ter2@cache:6379 failed', 'connect redis://cache:6379 failed'],
  ['redis://app:hun@ter2@cache failed', 'redis://cache failed'],
  ["{ access_token: 'hunter2' }", "{ access_token: '…' }"],
  ['postgresql://app:hunter2@db/platform is away', 'postgresql://db/platform is away'],
  ['refused: Authorization: Bearer hunter2-hunter2', 'refused: Authorization: …'],
  ['Basic aHVudGVyMjpodW50ZXIy was refused', 'Basic … was refused'],
  ['bad token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.caWruSDT', 'bad token …'],
  ['Cookie: querycast_refresh=hunter2; a=b', 'Cookie: …'],
  ['{"password":"hunter2","user":3}', '{"password":"…","user":3}'],
  ['host=db password=hunter2 user=app', 'host=db password=… user=app'],
  ['?api_key=hunter2&page=1', '?api_key=…&page=1'],
  ['stored scrypt$16384$8$5$hun$ter2 for somebody', 'stored … for somebody'],
  ['stored $argon2id$v=19$m=65536$hun$ter2', 'stored …'],
  ['stored $2b$10$hunter2hunter2', 'stored …'],
  ['no such person: olga.petrova+x@demo.test', 'no such person: …'],
  ['Failed query: update users set email = $1\nparams: olga@demo.test', 'Failed query: update users set email = $1'],
  ["ERR unknown command 'evalsha', with args beginning with: 'hunter2' 'a'", "ERR unknown command 'evalsha'"],
  ['there is no such customer', 'there is no such customer'],
  ['the token has expired', 'the token has expired'],
])('of %j is kept what is no secret', (said, kept) => {
  expect(withoutSecrets(said)).toBe(kept);
});

test.each(['x', '://', 'a.', 'bearer ', 'password=', 'eyJ', '@', ' ', 'eyJa.', 'cookie: '])(
  'a text of any length is dealt with at once, and kept short: %j again and again',
  (part) => {
    const before = performance.now();
    expect(withoutSecrets(part.repeat(1_000_000)).length).toBeLessThanOrEqual(500);
    expect(performance.now() - before).toBeLessThan(1_000);
  },
);

test('a secret is gone wherever the text is cut, and however long it is', () => {
  const shapes = [
    (secret: string) => `redis://u:${secret}@log`,
    (secret: string) => `Bearer ${secret}`,
    (secret: string) => `password=${secret}`,
  ];
  fc.assert(
    fc.property(
      fc.nat({ max: 6_000 }),
      fc.integer({ min: 2, max: 6_000 }),
      fc.constantFrom(...shapes),
      (before, length, shape) => {
        const told = withoutSecrets(`${'x '.repeat(before / 2)}${shape('S3'.repeat(length / 2 + 1))} y`);
        expect(told).not.toContain('S3');
        expect(told.length).toBeLessThanOrEqual(500);
      },
    ),
  );
});

test('what is kept is text that every database takes', () => {
  expect(withoutSecrets('a\u0000b\ud800c\udc00')).toBe('a�b�c�');
  expect(withoutSecrets(`${'x'.repeat(499)}\u{1f600}`)).toBe(`${'x'.repeat(499)}�`);
});
