import type { Role } from '@querycast/platform-protocol';
import { jwtVerify, SignJWT } from 'jose';
import { JOSEError } from 'jose/errors';

/** How long an access token is good, in milliseconds: 15 minutes. */
export const ACCESS_TOKEN_LIFETIME_MS = 15 * 60_000;

/** Who issues access tokens and whom they are meant for: another token of the same secret is none of them. */
export const ACCESS_TOKEN_PARTIES = { issuer: 'querycast', audience: 'querycast' } as const;

/** Whom an access token speaks for. */
export interface AccessClaims {
  readonly userId: number;
  readonly sessionId: string;
  readonly role: Role;
}

/** An access token and when it ends. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Signs `{ iss, aud, sub, sid, role, iat, exp }` with HS256. */
export async function signAccessToken(secret: string, claims: AccessClaims, nowMs: number): Promise<AccessToken> {
  const issuedAt = Math.floor(nowMs / 1000);
  const expiresAt = issuedAt + ACCESS_TOKEN_LIFETIME_MS / 1000;
  const token = await new SignJWT({ sid: claims.sessionId, role: claims.role })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ACCESS_TOKEN_PARTIES.issuer)
    .setAudience(ACCESS_TOKEN_PARTIES.audience)
    .setSubject(String(claims.userId))
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(keyOf(secret));
  return { token, expiresAt: new Date(expiresAt * 1000) };
}

/** The session an access token was made for, even when it is expired; `undefined` when it is not one of ours. */
export async function sessionOfAccessToken(secret: string, token: string): Promise<string | undefined> {
  try {
    // Judged at the beginning of time, nothing is expired: who logs out late still means their own session.
    const rules = { algorithms: ['HS256'], ...ACCESS_TOKEN_PARTIES, currentDate: new Date(0) };
    const { payload } = await jwtVerify(token, keyOf(secret), rules);
    return typeof payload['sid'] === 'string' ? payload['sid'] : undefined;
  } catch (error) {
    if (error instanceof JOSEError) return undefined;
    throw error;
  }
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
