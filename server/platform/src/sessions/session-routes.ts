import type { CurrentUser, Profile } from '@querycast/platform-protocol';
import type { Logger } from '@querycast/server';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import { withDevice } from '../attempts/known-device.js';
import type { CheckPassword } from '../attempts/password-check.js';
import type { Database } from '../db/database.js';
import { HttpError, unauthenticated } from '../http/errors.js';
import { parseBody, textSchema } from '../http/validation.js';
import { bearerToken, viewerOf } from '../http/viewer.js';
import { findCredentials } from '../people/people-queries.js';
import { sessionOfAccessToken } from './access-token.js';
import { loginAnswer } from './login-answer.js';
import {
  areCookiesLost,
  clearRefreshCookie,
  readDeviceCookie,
  readRefreshCookie,
  setDeviceCookie,
  setRefreshCookie,
} from './refresh-cookie.js';
import { beginSession, revokeSession, rotate, sessionOfToken } from './session-queries.js';

/** What the routes of logging in and out need, and that of changing one's password. */
export interface SessionRoutesOptions {
  readonly db: Database;
  readonly secret: string;
  /** One for all of them: guesses count together. */
  readonly checkPassword: CheckPassword;
  /** Closes the sockets of a session that ended. */
  readonly evict: (sessionId: string) => void;
  readonly clock: () => number;
  readonly logger: Logger;
}

const loginSchema = z.strictObject({
  email: textSchema(254),
  // Only ever hashed: any character is good.
  password: z.string('must be a text').min(1, 'must not be empty').max(1024, 'is too long'),
});

/** Logging in and out, and who is logged in. */
export function sessionRoutes({ db, secret, checkPassword, evict, clock, logger }: SessionRoutesOptions) {
  /**
   * Ends the session of the access token, or without one that of the cookie. A browser can hold the cookie of another
   * session than the page's: that one stays.
   */
  async function logOut(request: Request, response: Response): Promise<void> {
    const cookie = readRefreshCookie(request);
    const token = bearerToken(request);
    const ofCookie = cookie === undefined ? undefined : await sessionOfToken(db, cookie);
    const sessionId = token === undefined ? ofCookie : await sessionOfAccessToken(secret, token);
    if (cookie !== undefined && (ofCookie === undefined || ofCookie === sessionId))
      clearRefreshCookie(request, response);
    if (sessionId === undefined) return;
    await revokeSession(db, sessionId, clock());
    evict(sessionId);
    logger.info({ session: sessionId }, 'logged out');
  }

  const answer = (user: CurrentUser, sessionId: string) => loginAnswer(secret, user, sessionId, clock());

  return {
    'POST /api/auth/login': async (request, response) => {
      const { email, password } = parseBody(loginSchema, request.body);
      const person = await findCredentials(db, email);
      // The password is checked even when nobody has this address: the time must not tell.
      const deviceCookie = readDeviceCookie(request);
      const matches = await checkPassword({
        email,
        password,
        passwordHash: person?.isActive ? person.passwordHash : undefined,
        address: request.ip,
        deviceCookie,
      });
      const grant = person?.isActive && matches ? await beginSession(db, person, clock()) : undefined;
      if (!person || !grant) {
        logger.warn({ user: person?.id }, 'login refused');
        throw new HttpError(401, 'bad_credentials', 'The e-mail or the password is wrong.');
      }
      const { sessionId, refreshToken } = grant;
      logger.info({ user: person.id, session: sessionId }, 'logged in');
      if (areCookiesLost(request)) logger.warn({}, 'login over plain http, its cookie is lost');
      setRefreshCookie(request, response, refreshToken);
      const device = withDevice(secret, deviceCookie, {
        account: email.toLowerCase(),
        passwordHash: person.passwordHash,
      });
      if (device !== undefined) setDeviceCookie(request, response, device);
      response.json(await answer({ id: person.id, name: person.name, role: person.role }, sessionId));
    },

    'POST /api/auth/refresh': async (request, response) => {
      const cookie = readRefreshCookie(request);
      // The first visit of a browser: an error would be red in its console.
      if (cookie === undefined) {
        response.status(204).end();
        return;
      }
      const grant = await rotate(db, cookie, clock());
      if (grant && 'refreshToken' in grant) {
        setRefreshCookie(request, response, grant.refreshToken);
        const { userId, name, role, sessionId } = grant;
        response.json(await answer({ id: userId, name, role }, sessionId));
        return;
      }
      if (grant) {
        logger.warn({ session: grant.reused }, 'refresh token reused, session revoked');
        evict(grant.reused);
      }
      clearRefreshCookie(request, response);
      throw unauthenticated('session_over', 'Your session is over: log in again.');
    },

    'POST /api/auth/logout': async (request, response) => {
      await logOut(request, response);
      response.status(204).end();
    },

    'GET /api/auth/me': (request, response) => {
      // The session stays between the server and the token.
      const { sessionId: _, ...profile } = viewerOf(request);
      response.json(profile satisfies Profile);
    },
  } satisfies Partial<Handlers>;
}
