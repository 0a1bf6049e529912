import { createHmac } from 'node:crypto';

/** Signs a token as an application's own back end would: HS256, RFC 7515. */
export function signToken(secret: string, claims: Record<string, unknown>): string {
  const parts = [{ alg: 'HS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const text = parts.join('.');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
