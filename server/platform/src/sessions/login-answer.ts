import type { CurrentUser, LoginResponse } from '@querycast/platform-protocol';
import { signAccessToken } from './access-token.js';

/** What somebody is answered who has a session: an access token of it, and who they are. */
export async function loginAnswer(
  secret: string,
  { id, name, role }: CurrentUser,
  sessionId: string,
  nowMs: number,
): Promise<LoginResponse> {
  const { token, expiresAt } = await signAccessToken(secret, { userId: id, sessionId, role }, nowMs);
  return { token, expiresAt: expiresAt.toISOString(), user: { id, name, role } };
}
