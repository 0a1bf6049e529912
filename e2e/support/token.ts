import { createHmac } from 'node:crypto';
import { noteSecret } from '../written/record.js';
import { AUTH_SECRET } from './platform-process.js';

/** Signs an access token as the platform does, from it and for it unless told otherwise, with any claims: HS256, RFC 7515. */
export function signToken(claims: Record<string, unknown>): string {
  const head = encode({ alg: 'HS256', typ: 'JWT' });
  const body = encode({ iss: 'querycast', aud: 'querycast', ...claims });
  const signature = createHmac('sha256', AUTH_SECRET).update(`${head}.${body}`).digest('base64url');
  const token = `${head}.${body}.${signature}`;
  noteSecret('token', token);
  return token;
}

/** The claims of a token. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
