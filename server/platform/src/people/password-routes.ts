import type { ChangePassword } from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import { withDevice } from '../attempts/known-device.js';
import { users } from '../db/schema.js';
import { badRequest, unauthenticated } from '../http/errors.js';
import { parseBody } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import type { Viewer } from '../sessions/authenticate-session.js';
import { loginAnswer } from '../sessions/login-answer.js';
import { readDeviceCookie, setDeviceCookie, setRefreshCookie } from '../sessions/refresh-cookie.js';
import type { SessionRoutesOptions } from '../sessions/session-routes.js';
import { changePassword } from './change-password.js';
import { newPersonFields } from './new-person.js';
import { hashPassword } from './password.js';

const changeSchema: z.ZodType<ChangePassword> = z
  .strictObject({
    // As at the log-in: what was good once must not be refused for its length.
    currentPassword: z.string('must be a text').min(1, 'must not be empty').max(1_024, 'is too long'),
    newPassword: newPersonFields.password,
  })
  .refine(({ currentPassword, newPassword }) => same(currentPassword) !== same(newPassword), {
    message: 'must not be the one you have',
    path: ['newPassword'],
  });

/**
 * One's own password, which takes the current one. It ends every session of the person, and answers as a log-in does: with
 * a new session, for whoever changed it. Nothing changes when they are gone before it can.
 */
export function passwordRoutes({ db, secret, checkPassword, evict, clock, logger }: SessionRoutesOptions) {
  return {
    'POST /api/auth/password': async (request, response) => {
      const viewer = viewerOf(request);
      const { currentPassword, newPassword } = parseBody(changeSchema, request.body);
      if (same(newPassword).toLowerCase() === viewer.email)
        throw badRequest({ newPassword: 'must not be your e-mail' });
      const currentHash = await hashOf(viewer, currentPassword, request);
      const change = {
        userId: viewer.id,
        sessionId: viewer.sessionId,
        currentHash,
        newHash: await hashPassword(newPassword, { viewer: viewer.id }),
      };
      // Hashing takes its time: who has given up was told nothing, and goes on with the password they know.
      if (response.closed) return logger.info({ user: viewer.id }, 'password not changed, nobody waits for the answer');
      const changed = await changePassword(db, change, clock());
      if (changed === 'session_over') throw unauthenticated('token_invalid', 'Your session is over: log in again.');
      if (changed === 'password_changed') throw refused(viewer.id);
      for (const session of changed.ended) if (session !== viewer.sessionId) evict(session);
      // A page that is evicted renews at once: it must have the new cookie by then.
      afterAnswer(response, () => evict(viewer.sessionId));
      const { sessionId, refreshToken } = changed;
      logger.info({ user: viewer.id, session: sessionId, ended: changed.ended.length }, 'password changed');
      setRefreshCookie(request, response, refreshToken);
      // Known by the password from before, the browser of whoever changed it would be a stranger's now.
      const known = { account: viewer.email, passwordHash: change.newHash };
      const device = withDevice(secret, readDeviceCookie(request), known);
      if (device !== undefined) setDeviceCookie(request, response, device);
      response.json(await loginAnswer(secret, viewer, sessionId, clock()));
    },
  } satisfies Partial<Handlers>;

  /** What the current password fits. Throws when it is another one. */
  async function hashOf(viewer: Viewer, password: string, request: Request): Promise<string> {
    const [person] = await db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, viewer.id));
    const matches = await checkPassword({
      email: viewer.email,
      password,
      passwordHash: person?.hash,
      address: request.ip,
      viewer: viewer.id,
      deviceCookie: readDeviceCookie(request),
    });
    if (!person || !matches) throw refused(viewer.id);
    return person.hash;
  }

  function refused(userId: number) {
    logger.warn({ user: userId }, 'password change refused');
    return badRequest({ currentPassword: 'is wrong' });
  }
}

/** Also when nobody takes the answer. */
function afterAnswer(response: Response, act: () => void): void {
  if (response.closed) act();
  else response.once('close', act);
}

/** As passwords are compared: the same letters typed on two keyboards are one password. */
function same(password: string): string {
  return password.normalize('NFKC');
}
