import { parse } from 'cookie';
import type { Request, Response } from 'express';
import { SESSION_LIFETIME_MS } from './session-queries.js';

const NAME = 'querycast_refresh';
/** Sent to the three routes that need it and nowhere else. */
const PATH = '/api/auth';

/** The refresh token of a request. */
export function readRefreshCookie(request: Request): string | undefined {
  return parse(request.headers.cookie ?? '')[NAME] || undefined;
}

/** Hands the next refresh token to the browser, out of reach of scripts and of other sites. */
export function setRefreshCookie(request: Request, response: Response, refreshToken: string): void {
  response.cookie(NAME, refreshToken, { ...attributes(request), maxAge: SESSION_LIFETIME_MS });
}

/** Takes the refresh token away. */
export function clearRefreshCookie(request: Request, response: Response): void {
  response.clearCookie(NAME, attributes(request));
}

/** Over plain http a `Secure` cookie would be dropped, and the embedded platform speaks plain http on loopback. */
function attributes(request: Request) {
  return { httpOnly: true, sameSite: 'strict', path: PATH, secure: request.secure } as const;
}
