import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { AuthenticationError } from './authenticate.js';
import { JwtOptionsError, jwtAuthenticate } from './jwt.js';

const SECRET = 'a secret of thirty-two bytes, ok';
const NOW_SECONDS = 1_800_000_000;
const clock = () => NOW_SECONDS * 1_000;
const rules = { secret: SECRET, clock };

/** A token that is fine, apart from what is changed; `undefined` leaves a claim out. */
function sign(changes: Record<string, unknown> = {}, secret = SECRET, alg = 'HS256'): Promise<string> {
  const claims = { sub: '42', exp: NOW_SECONDS + 900, ...changes } as JWTPayload;
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

/** A token whose parts are whatever they are, well signed. */
function signedAsIs(header: object, payload = JSON.stringify({ sub: '42', exp: NOW_SECONDS + 900 })): string {
  const text = [JSON.stringify(header), payload].map((part) => Buffer.from(part).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

async function refusal(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => {
      throw new Error('was accepted');
    },
    (error: unknown) => error,
  );
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error = await refusal(attempt);
  expect(error).toBeInstanceOf(AuthenticationError);
  return (error as AuthenticationError).code;
}

describe('a token signed with the shared secret', () => {
  test('says who, which session, until when, and everything else it holds', async () => {
    const token = await sign({ sid: 's1', role: 'parent' });
    expect(await jwtAuthenticate(rules)(token)).toEqual({
      id: '42',
      session: 's1',
      expiresAt: (NOW_SECONDS + 900) * 1_000,
      claims: { sub: '42', sid: 's1', role: 'parent', exp: NOW_SECONDS + 900 },
    });
    expect(await jwtAuthenticate(rules)(await sign())).not.toHaveProperty('session');
  });

  test('is refused when it was signed with another secret', async () => {
    expect(await codeOf(jwtAuthenticate(rules)(await sign({}, 'another secret of 32 bytes, sure')))).toBe(
      'token_invalid',
    );
  });

  test('is refused when one character changed', async () => {
    const [header, , signature] = (await sign()).split('.');
    const [, payload] = (await sign({ sub: '43' })).split('.');
    expect(await codeOf(jwtAuthenticate(rules)(`${header}.${payload}.${signature}`))).toBe('token_invalid');
  });

  test.each(['', '.', '..', 'x.y.z', 'Bearer x', 'a'.repeat(100_000)])(
    'is refused when it is no token at all: %.10s',
    async (token) => {
      expect(await codeOf(jwtAuthenticate(rules)(token))).toBe('token_invalid');
    },
  );

  test('is refused without a signature, and with an algorithm that is not on the list', async () => {
    const unsigned = new UnsecuredJWT({ sub: '42', exp: NOW_SECONDS + 900 }).encode();
    expect(await codeOf(jwtAuthenticate(rules)(unsigned))).toBe('token_invalid');
    const long = SECRET + SECRET;
    const other = await sign({}, long, 'HS512');
    expect(await codeOf(jwtAuthenticate({ secret: long, clock })(other))).toBe('token_invalid');
    expect(await jwtAuthenticate({ secret: long, clock, algorithms: ['HS512'] })(other)).toMatchObject({ id: '42' });
  });

  test('is expired from the second of its exp on, and not before', async () => {
    const authenticate = jwtAuthenticate(rules);
    expect(await codeOf(authenticate(await sign({ exp: NOW_SECONDS })))).toBe('token_expired');
    expect(await authenticate(await sign({ exp: NOW_SECONDS + 1 }))).toMatchObject({ id: '42' });
  });

  test('lives as much longer as the clocks may differ, and its principal with it', async () => {
    const authenticate = jwtAuthenticate({ ...rules, clockToleranceSeconds: 30 });
    const late = await authenticate(await sign({ exp: NOW_SECONDS - 29 }));
    expect(late.expiresAt).toBe((NOW_SECONDS + 1) * 1_000);
    expect(await codeOf(authenticate(await sign({ exp: NOW_SECONDS - 30 })))).toBe('token_expired');
  });

  test('is invalid, not expired, when it expired and was forged: only a refreshed token may help', async () => {
    const token = await sign({ exp: NOW_SECONDS - 1 }, 'another secret of 32 bytes, sure');
    expect(await codeOf(jwtAuthenticate(rules)(token))).toBe('token_invalid');
  });

  test.each<[string, Record<string, unknown>]>([
    ['no exp', { exp: undefined }],
    ['an exp that is no number', { exp: '9999999999' }],
    ['an exp that is later than any time', { exp: 1e308 }],
    ['an iat that is no number', { iat: 'now' }],
    ['no sub', { sub: undefined }],
    ['an empty sub', { sub: '' }],
    ['a sub that is no string', { sub: 42 }],
    ['a sid that is no string', { sid: 7 }],
    ['an empty sid', { sid: '' }],
    ['a time before which it does not hold', { nbf: NOW_SECONDS + 60 }],
  ])('is refused with %s', async (_, changes) => {
    expect(await codeOf(jwtAuthenticate(rules)(await sign(changes)))).toBe('token_invalid');
  });

  test.each([-1, -1e308, 0, 0.5])('is over with the exp %d', async (exp) => {
    expect(await codeOf(jwtAuthenticate(rules)(await sign({ exp })))).toBe('token_expired');
  });

  test.each(['1e999', '-1e999', 'null', '"1e3"', '[1]', '{}', 'true'])('is refused with the exp %s', async (exp) => {
    const token = signedAsIs({ alg: 'HS256' }, `{"sub":"42","exp":${exp}}`);
    expect(await codeOf(jwtAuthenticate(rules)(token))).toMatch(/^token_(invalid|expired)$/);
  });

  test('may have been issued by a clock that is ahead', async () => {
    expect(await jwtAuthenticate(rules)(await sign({ iat: NOW_SECONDS + 60 }))).toMatchObject({ id: '42' });
  });

  test.each<[string, object]>([
    ['demands an extension', { alg: 'HS256', crit: ['x'], x: 1 }],
    ['demands nothing by a list', { alg: 'HS256', crit: [] }],
    ['leaves the payload as it is', { alg: 'HS256', b64: false, crit: ['b64'] }],
    ['names no algorithm', {}],
    ['names an algorithm that is no text', { alg: ['HS256'] }],
    ['writes the algorithm otherwise', { alg: 'hs256' }],
    ['is of no algorithm', { alg: 'none' }],
    ['is no object', [1]],
  ])('is refused when its header %s, well signed as it is', async (_, header) => {
    expect(await jwtAuthenticate(rules)(signedAsIs({ alg: 'HS256', typ: 'at+jwt' }))).toMatchObject({ id: '42' });
    expect(await codeOf(jwtAuthenticate(rules)(signedAsIs(header)))).toBe('token_invalid');
  });

  test('is not looked at when it is longer than all headers of a request', async () => {
    const token = await sign({ filler: 'x'.repeat(16_384) });
    expect(await codeOf(jwtAuthenticate(rules)(token))).toBe('token_invalid');
    expect(await jwtAuthenticate(rules)(await sign({ filler: 'x'.repeat(8_000) }))).toMatchObject({ id: '42' });
  });

  test('must come from the issuer and be meant for the audience that were named', async () => {
    const authenticate = jwtAuthenticate({
      ...rules,
      issuer: ['https://a.test', 'https://b.test'],
      audience: 'dashboard',
    });
    const right = { iss: 'https://b.test', aud: ['reports', 'dashboard'] };
    expect(await authenticate(await sign(right))).toMatchObject({ id: '42' });
    for (const changes of [{ iss: 'https://c.test' }, { iss: undefined }, { aud: 'reports' }, { aud: undefined }]) {
      expect(await codeOf(authenticate(await sign({ ...right, ...changes })))).toBe('token_invalid');
    }
  });

  test('is never told by its refusal, nor is anything it says', async () => {
    const authenticate = jwtAuthenticate({ ...rules, audience: 'dashboard' });
    for (const changes of [{}, { exp: 1 }, { sub: undefined }, { nbf: NOW_SECONDS + 60 }]) {
      const token = await sign({ email: 'olga@example.test', ...changes });
      const told = inspect(await refusal(authenticate(token)), { depth: 9, showHidden: true });
      expect(told).not.toContain('olga@example.test');
      for (const part of token.split('.')) expect(told).not.toContain(part);
    }
  });
});

describe('the options', () => {
  test('need a secret of 32 bytes, counted as bytes', () => {
    expect(() => jwtAuthenticate({ secret: 's'.repeat(31) })).toThrow(JwtOptionsError);
    expect(() => jwtAuthenticate({ secret: 's'.repeat(31) })).toThrow(/at least 32 bytes, got 31/);
    expect(() => jwtAuthenticate({ secret: new Uint8Array(31) })).toThrow(JwtOptionsError);
    expect(() => jwtAuthenticate({ secret: 's'.repeat(32) })).not.toThrow();
    expect(() => jwtAuthenticate({ secret: 'ö'.repeat(16) })).not.toThrow();
    expect(() => jwtAuthenticate({ secret: 's'.repeat(63), algorithms: ['HS256', 'HS512'] })).toThrow(
      /at least 64 bytes/,
    );
  });

  test('never tell the secret', () => {
    expect(() => jwtAuthenticate({ secret: 'hunter2' })).toThrow(expect.not.stringContaining('hunter2'));
  });

  test('never mix kinds of keys, never take none, never take nothing', () => {
    const jwks = { keys: [] };
    for (const algorithms of [['none'], ['RS256'], ['HS256', 'RS256'], []]) {
      expect(() => jwtAuthenticate({ secret: SECRET, algorithms })).toThrow(JwtOptionsError);
    }
    for (const algorithms of [['none'], ['HS256'], ['RS256', 'HS256'], []]) {
      expect(() => jwtAuthenticate({ jwks, algorithms })).toThrow(JwtOptionsError);
    }
    expect(() => jwtAuthenticate({ jwks: { keys: 'x' } as never })).toThrow(/not a JSON Web Key Set/);
  });
});

describe('a token signed with an issuer’s private key', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function issuer() {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] };
    const token = (kid = 'k1') =>
      new SignJWT({ sub: '42', exp: NOW_SECONDS + 900 }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
    return { jwks, token };
  }

  /** Serves a key set on a free port of this machine. */
  async function serve(status: number, body: string): Promise<URL> {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`);
  }

  test('is checked with a key set at hand', async () => {
    const { jwks, token } = await issuer();
    expect(await jwtAuthenticate({ jwks, clock })(await token())).toMatchObject({ id: '42' });
    expect(await codeOf(jwtAuthenticate({ jwks, clock })(await token('k2')))).toBe('token_invalid');
    expect(await codeOf(jwtAuthenticate({ jwks, clock, algorithms: ['RS256'] })(await token()))).toBe('token_invalid');
    expect(await codeOf(jwtAuthenticate({ jwks: (await issuer()).jwks, clock })(await token()))).toBe('token_invalid');
  });

  test('cannot be forged with the public key as a shared secret', async () => {
    const { jwks } = await issuer();
    expect(await codeOf(jwtAuthenticate({ jwks, clock })(await sign({}, JSON.stringify(jwks.keys[0]))))).toBe(
      'token_invalid',
    );
  });

  test('is checked with a key set that is fetched', async () => {
    const { jwks, token } = await issuer();
    const authenticate = jwtAuthenticate({ jwks: await serve(200, JSON.stringify(jwks)), clock });
    expect(await authenticate(await token())).toMatchObject({ id: '42' });
    expect(await codeOf(authenticate(await token('k2')))).toBe('token_invalid');
  });

  test('is not called invalid when the key set cannot be had: that is not the fault of the token', async () => {
    const { token } = await issuer();
    for (const [status, body] of [
      [503, ''],
      [200, 'not json'],
      [200, '{}'],
    ] as const) {
      const error = await refusal(jwtAuthenticate({ jwks: await serve(status, body), clock })(await token()));
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(AuthenticationError);
    }
    const gone = await serve(200, '{}');
    for (const close of closers.splice(0)) await close();
    expect(await refusal(jwtAuthenticate({ jwks: gone, clock })(await token()))).not.toBeInstanceOf(
      AuthenticationError,
    );
  });
});
