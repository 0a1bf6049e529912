import { parse } from 'cookie';
import type { Request, Response } from 'express';
import { SESSION_LIFETIME_MS } from './session-queries.js';

/**
 * Name of the application's setting that lets cookies over TLS only, whatever the request says of how it came: set where
 * several nodes are, which is where people from outside are.
 */
export const SECURE_COOKIES = 'secure cookies';

/** How long a browser is known that logged in, in milliseconds: longest that browsers keep a cookie. */
const DEVICE_LIFETIME_MS = 400 * 24 * 3_600_000;
const REFRESH = 'querycast_refresh';
const DEVICE = 'querycast_device';
/** Sent to the routes that need them and nowhere else, where a path is possible. */
const PATH = '/api/auth';

/** The refresh token of a request. */
export function readRefreshCookie(request: Request): string | undefined {
  return read(request, REFRESH);
}

/** Hands the next refresh token to the browser, out of reach of scripts and of other sites. */
export function setRefreshCookie(request: Request, response: Response, refreshToken: string): void {
  response.cookie(nameOf(request, REFRESH), refreshToken, { ...attributes(request), maxAge: SESSION_LIFETIME_MS });
}

/** Takes the refresh token away. */
export function clearRefreshCookie(request: Request, response: Response): void {
  response.clearCookie(nameOf(request, REFRESH), attributes(request));
}

/** What says which accounts the browser of a request logged in to before. */
export function readDeviceCookie(request: Request): string | undefined {
  return read(request, DEVICE);
}

/** Makes the browser known; it stays known when it logs out. */
export function setDeviceCookie(request: Request, response: Response, value: string): void {
  response.cookie(nameOf(request, DEVICE), value, { ...attributes(request), maxAge: DEVICE_LIFETIME_MS });
}

/** Whether the browser drops the cookies that it is sent: they are for TLS, and this is none. */
export function areCookiesLost(request: Request): boolean {
  return isSecure(request) && !request.secure;
}

function read(request: Request, name: string): string | undefined {
  return parse(request.headers.cookie ?? '')[nameOf(request, name)] || undefined;
}

/** With this prefix a browser takes the cookie from this very host alone, not from a neighbour under the same domain. */
function nameOf(request: Request, name: string): string {
  return isSecure(request) ? `__Host-${name}` : name;
}

function attributes(request: Request) {
  const secure = isSecure(request);
  // The prefix and a path exclude each other.
  return { httpOnly: true, sameSite: 'strict', path: secure ? '/' : PATH, secure } as const;
}

/** Over plain http a `Secure` cookie would be dropped, and the embedded platform speaks plain http. */
function isSecure(request: Request): boolean {
  return request.secure || (request.app.get(SECURE_COOKIES) === true && !isLoopback(request.hostname ?? ''));
}

/** Nobody stands between a browser and its own machine. */
function isLoopback(host: string): boolean {
  return /^(.+\.)?localhost$|^127(\.\d{1,3}){3}$|^\[::1\]$/i.test(host);
}
