import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AuthenticationError } from './authenticate.js';
import { JwtOptionsError, jwtAuthenticate } from './jwt.js';
import { FETCH_COOLDOWN_MS, REFRESH_AFTER_MS, RETRY_AFTER_MS, TRUSTED_FOR_MS } from './key-set.js';

const START_MS = 1_800_000_000_000;
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;

interface Signer {
  readonly jwk: JWK;
  token(kid?: string): Promise<string>;
}

/** Answers with its keys, counts who asks, and can be slow, wrong or away. */
interface Issuer {
  readonly url: URL;
  requests: number;
  keys: readonly JWK[];
  /** What is answered instead of the keys. */
  instead: { status: number; body?: string; headers?: Record<string, string> } | undefined;
  /** The next answer waits for this one. */
  held: Promise<void> | undefined;
  /** Resolves with the next request. */
  asked(): Promise<void>;
  close(): Promise<void>;
}

let signers: Record<string, Signer>;
let nowMs: number;
let issuer: Issuer;
let counted: string[];
let logged: unknown[];

beforeAll(async () => {
  const made = ALGORITHMS.map(async (alg) => [alg, await signer(alg, alg)] as const);
  signers = { ...Object.fromEntries(await Promise.all(made)), next: await signer('ES256', 'next') };
});

beforeEach(async () => {
  nowMs = START_MS;
  counted = [];
  logged = [];
  issuer = await startIssuer(ALGORITHMS.map((alg) => of(alg).jwk));
});

afterEach(() => issuer.close());

function of(name: string): Signer {
  const found = signers[name];
  if (!found) throw new Error(`nobody signs as ${name}`);
  return found;
}

async function signer(alg: string, kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    token: (as = kid) =>
      new SignJWT({ sub: '42', exp: START_MS / 1_000 + 90_000 }).setProtectedHeader({ alg, kid: as }).sign(privateKey),
  };
}

async function startIssuer(keys: readonly JWK[]): Promise<Issuer> {
  const server: Server = createServer(async (_request, response) => {
    self.requests += 1;
    server.emit('asked');
    const { held } = self;
    self.held = undefined;
    await held;
    const { status, body, headers } = self.instead ?? { status: 200 };
    response.writeHead(status, headers).end(body ?? JSON.stringify({ keys: self.keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const self: Issuer = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`),
    requests: 0,
    keys,
    instead: undefined,
    held: undefined,
    asked: async () => void (await once(server, 'asked')),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}

const authenticating = () =>
  jwtAuthenticate({
    jwks: issuer.url,
    clock: () => nowMs,
    logger: { debug() {}, info() {}, warn: (fields) => logged.push(fields), error() {} },
    metrics: { count: (name) => counted.push(name), gauge() {}, observe() {} },
  });

/** What an attempt came to: an id, or the code of a refusal, or `no keys`. */
async function outcome(attempt: Promise<{ id: string }>): Promise<string> {
  return attempt.then(
    ({ id }) => id,
    (error: unknown) => (error instanceof AuthenticationError ? error.code : 'no keys'),
  );
}

/** Waits until what runs in the background has ended: its end is an answer on the wire and a few turns. */
async function untilAccepted(attempt: () => Promise<string>, expected: string): Promise<void> {
  await expect.poll(attempt).toBe(expected);
}

describe('an issuer is asked', () => {
  test('once for a thousand tokens, also when the first of them come at once', async () => {
    const authenticate = authenticating();
    const tokens = await Promise.all(ALGORITHMS.map((alg) => of(alg).token()));
    for (let round = 0; round < 34; round += 1) {
      const attempts = Array.from({ length: 30 }, (_, at) => outcome(authenticate(tokens[at % 3] ?? '')));
      expect(new Set(await Promise.all(attempts))).toEqual(new Set(['42']));
    }
    expect(issuer.requests).toBe(1);
  });

  test('for a key that is new to us, by the first who presents it', async () => {
    const authenticate = authenticating();
    await authenticate(await of('RS256').token());
    issuer.keys = [of('next').jwk, ...issuer.keys];
    nowMs += FETCH_COOLDOWN_MS;
    const token = await of('next').token();
    expect(await Promise.all([1, 2, 3].map(() => outcome(authenticate(token))))).toEqual(['42', '42', '42']);
    expect(await outcome(authenticate(await of('RS256').token()))).toBe('42');
    expect(issuer.requests).toBe(2);
  });

  test('at most once in ten seconds, whatever key ids are made up', async () => {
    const authenticate = authenticating();
    await authenticate(await of('ES256').token());
    const flood = async () => {
      const made = Array.from({ length: 50 }, (_, at) => of('next').token(`made-up-${at}`));
      return new Set(await Promise.all((await Promise.all(made)).map((token) => outcome(authenticate(token)))));
    };
    expect(await flood()).toEqual(new Set(['token_invalid']));
    expect(issuer.requests).toBe(1);
    nowMs += FETCH_COOLDOWN_MS;
    expect(await flood()).toEqual(new Set(['token_invalid']));
    expect(await flood()).toEqual(new Set(['token_invalid']));
    expect(issuer.requests).toBe(2);
  });

  test('in the background when the keys are older than ten minutes: a slow issuer keeps nobody waiting', async () => {
    const authenticate = authenticating();
    const token = await of('EdDSA').token();
    await authenticate(token);
    nowMs += REFRESH_AFTER_MS;
    let release = () => {};
    issuer.held = new Promise((resolve) => {
      release = resolve;
    });
    const asked = issuer.asked();
    expect(await outcome(authenticate(token))).toBe('42');
    await asked;
    // It is being asked, and has not answered.
    expect(await outcome(authenticate(token))).toBe('42');
    const unknown = outcome(authenticate(await of('next').token()));
    issuer.keys = [of('next').jwk];
    release();
    expect(await unknown).toBe('42');
    expect(await outcome(authenticate(token))).toBe('token_invalid');
    expect(issuer.requests).toBe(2);
  });
});

describe('a key that the issuer withdrew', () => {
  test('counts for ten minutes while tokens come', async () => {
    const authenticate = authenticating();
    const token = await of('RS256').token();
    await authenticate(token);
    issuer.keys = [of('ES256').jwk];
    nowMs += REFRESH_AFTER_MS - 1;
    expect(await outcome(authenticate(token))).toBe('42');
    expect(issuer.requests).toBe(1);
    nowMs += 1;
    await authenticate(token);
    await untilAccepted(() => outcome(authenticate(token)), 'token_invalid');
    expect(issuer.requests).toBe(2);
  });

  test('does not count after an hour in which nobody came', async () => {
    const authenticate = authenticating();
    const token = await of('RS256').token();
    await authenticate(token);
    issuer.keys = [of('ES256').jwk];
    nowMs += TRUSTED_FOR_MS;
    expect(await outcome(authenticate(token))).toBe('token_invalid');
  });
});

describe('an issuer that is away', () => {
  test('locks out nobody whose key is known, for an hour, and then everybody until it is back', async () => {
    const authenticate = authenticating();
    const token = await of('ES256').token();
    await authenticate(token);
    issuer.instead = { status: 503 };
    nowMs += TRUSTED_FOR_MS - 1;
    expect(await outcome(authenticate(token))).toBe('42');
    await expect.poll(() => counted).toEqual(['key_set_fetch_errors_total']);
    expect(logged).toEqual([{ err: expect.any(Error), issuer: issuer.url.host }]);
    nowMs += RETRY_AFTER_MS;
    expect(await outcome(authenticate(token))).toBe('no keys');
    issuer.instead = undefined;
    nowMs += RETRY_AFTER_MS;
    expect(await outcome(authenticate(token))).toBe('42');
  });

  test('is asked again in the background no more than every ten seconds', async () => {
    const authenticate = authenticating();
    const token = await of('ES256').token();
    await authenticate(token);
    issuer.instead = { status: 503 };
    nowMs += REFRESH_AFTER_MS;
    for (let second = 0; second < 30; second += 1) {
      expect(await outcome(authenticate(token))).toBe('42');
      await expect.poll(() => counted.length).toBe(Math.floor(second / 10) + 1);
      nowMs += 1_000;
    }
    expect(issuer.requests).toBe(4);
  });

  test('is no reason to call a token of an unknown key invalid, nor to ask once for each of them', async () => {
    const authenticate = authenticating();
    await authenticate(await of('ES256').token());
    issuer.instead = { status: 503 };
    nowMs += FETCH_COOLDOWN_MS;
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, at) => of('next').token(`k${at}`)));
    for (const token of tokens) expect(await outcome(authenticate(token))).toBe('no keys');
    expect(issuer.requests).toBe(2);
  });

  test('when the first token comes is asked again after a second, by one for all', async () => {
    const authenticate = authenticating();
    const token = await of('ES256').token();
    issuer.instead = { status: 500 };
    for (let attempt = 0; attempt < 5; attempt += 1) expect(await outcome(authenticate(token))).toBe('no keys');
    expect(issuer.requests).toBe(1);
    issuer.instead = undefined;
    nowMs += RETRY_AFTER_MS;
    expect(await Promise.all([1, 2].map(() => outcome(authenticate(token))))).toEqual(['42', '42']);
    expect(issuer.requests).toBe(2);
  });
});

describe('an answer that is no key set', () => {
  test('of a redirect is not followed', async () => {
    const elsewhere = await startIssuer([of('ES256').jwk]);
    issuer.instead = { status: 302, headers: { location: elsewhere.url.href } };
    expect(await outcome(authenticating()(await of('ES256').token()))).toBe('no keys');
    expect(elsewhere.requests).toBe(0);
    await elsewhere.close();
  });

  test.each([
    ['larger than any', () => JSON.stringify({ keys: [of('ES256').jwk], filler: 'x'.repeat(256 * 1024) })],
    ['no JSON', () => '<html>'],
    ['another JSON', () => '{"keys":{}}'],
  ])('but %s changes nothing', async (_what, body) => {
    const authenticate = authenticating();
    const token = await of('ES256').token();
    await authenticate(token);
    issuer.instead = { status: 200, body: body() };
    nowMs += REFRESH_AFTER_MS;
    await authenticate(token);
    await expect.poll(() => counted).toEqual(['key_set_fetch_errors_total']);
    expect(await outcome(authenticate(token))).toBe('42');
  });

  test('but holds a shared secret or a private key does not sign', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), kid: 'private', alg: 'ES256' };
    const secret = new TextEncoder().encode('a secret of thirty-two bytes, ok');
    issuer.keys = [jwk, { kty: 'oct', k: Buffer.from(secret).toString('base64url'), kid: 'shared', alg: 'HS256' }];
    const claims = { sub: '42', exp: START_MS / 1_000 + 900 };
    const authenticate = authenticating();
    const shared = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'shared' }).sign(secret);
    const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'private' }).sign(privateKey);
    expect(await outcome(authenticate(shared))).toBe('token_invalid');
    expect(await outcome(authenticate(signed))).toBe('no keys');
  });
});

test('a key signs with the algorithm that it names and with no other', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'rsa' };
  const claims = { sub: '42', exp: START_MS / 1_000 + 900 };
  const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'rsa' }).sign(privateKey);
  issuer.keys = [{ ...jwk, alg: 'PS256' }];
  expect(await outcome(authenticating()(signed))).toBe('token_invalid');
  issuer.keys = [{ ...jwk, alg: 'RS256' }];
  expect(await outcome(authenticating()(signed))).toBe('42');
  issuer.keys = [{ ...jwk, alg: 'RS256', use: 'enc' }];
  expect(await outcome(authenticating()(signed))).toBe('token_invalid');
});

test.each([
  'http://issuer.test/keys',
  'http://127.0.0.1.test/keys',
  'http://user:password@127.0.0.1/keys',
  'ftp://a/b',
])('the address %s is refused', (address) => {
  expect(() => jwtAuthenticate({ jwks: new URL(address) })).toThrow(JwtOptionsError);
  expect(() => jwtAuthenticate({ jwks: new URL(address) })).toThrow(expect.not.stringContaining('password@'));
});

test.each(['https://issuer.test/keys', 'http://localhost/keys', 'http://127.0.0.1:1/keys', 'http://[::1]:1/keys'])(
  'the address %s is taken',
  (address) => {
    expect(() => jwtAuthenticate({ jwks: new URL(address) })).not.toThrow();
  },
);
