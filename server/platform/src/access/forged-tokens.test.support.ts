import { createHmac, randomBytes } from 'node:crypto';
import { decodeJwt, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { Who } from './doors-table.test.support.js';

/** Signs the access tokens of platforms under test; long enough for every algorithm with a shared secret. */
export const AUTH_SECRET = 'a secret of these tests, with as many bytes as HS512 asks for: 64';

/** Opens the door of publishers for every room. */
export const PUBLISH_TOKEN = 'publish-token-for-every-room';

/** Opens it for rooms that nobody in the tests is about. */
export const PUBLISH_TOKEN_ELSEWHERE = 'publish-token-for-other-rooms';

/** Every way in which a token can be wrong, by what is wrong with it; `undefined` for no token. */
export type Tokens = Readonly<Record<string, string | undefined>>;

/** Signs what a token says, with changes; `undefined` leaves a claim out. */
export function signLike(token: string, changes: JWTPayload = {}, secret = AUTH_SECRET, alg = 'HS256') {
  const claims = { ...decodeJwt(token), ...changes };
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

/** Tokens of the person whose good one this is, each wrong in one way alone, for the rows that are about it. */
export async function forgedLike(good: string): Promise<Partial<Record<Who, Tokens>>> {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const claims = decodeJwt(good);
  const [header = '', payload = '', signature = ''] = good.split('.');
  const { privateKey } = await generateKeyPair('RS256');
  const without = (name: 'aud' | 'iss') => {
    const { [name]: _, ...rest } = claims;
    return new SignJWT(rest).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(AUTH_SECRET));
  };
  return {
    'no token': { 'none at all': undefined, 'an empty one': '' },
    'an expired token': {
      'over for a second': await signLike(good, { exp: nowSeconds - 1 }),
      'over for a day': await signLike(good, { iat: nowSeconds - 90_000, exp: nowSeconds - 86_400 }),
    },
    'a token of the wrong key': {
      'of another secret': await signLike(good, {}, randomBytes(64).toString('base64')),
      'of the publish token as a secret': await signLike(good, {}, PUBLISH_TOKEN.padEnd(64, '=')),
      'changed after it was signed': `${header}.${encoded({ ...claims, iat: 0, sub: '9', role: 'admin' })}.${signature}`,
      'cut short': `${header}.${payload}.${signature.slice(0, -4)}`,
    },
    'a token for the wrong audience': {
      'for another program': await signLike(good, { aud: 'reports' }),
      'for nobody in particular': await without('aud'),
      'from another program': await signLike(good, { iss: 'reports' }),
      'from nobody in particular': await without('iss'),
    },
    'a token of the wrong algorithm': {
      HS512: await signLike(good, {}, AUTH_SECRET, 'HS512'),
      HS384: await signLike(good, {}, AUTH_SECRET, 'HS384'),
      none: new UnsecuredJWT(claims).encode(),
      'none, with the signature of the good one': `${encoded({ alg: 'none' })}.${payload}.${signature}`,
      'RS256, of a key of their own': await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey),
      'RS256 in name, of the secret': withHmac(`${encoded({ alg: 'RS256', typ: 'JWT' })}.${payload}`),
    },
    'a publish token': { 'for every room': PUBLISH_TOKEN },
    'a publish token for other rooms': { 'for other rooms': PUBLISH_TOKEN_ELSEWHERE },
  };
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function withHmac(text: string): string {
  return `${text}.${createHmac('sha256', AUTH_SECRET).update(text).digest('base64url')}`;
}
