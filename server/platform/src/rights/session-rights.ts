import type { Principal, Recheck } from '@querycast/server';
import { z } from 'zod';
import type { DatabaseHandle } from '../db/open-database.js';
import { users } from '../db/schema.js';
import { lookUpTogether } from './look-up-together.js';

const rowSchema = z.object({
  id: z.string(),
  user_id: z.int(),
  is_open: z.boolean(),
  is_active: z.boolean(),
  role: z.enum(users.role.enumValues),
});
type SessionRow = z.output<typeof rowSchema>;

const READ = `
SELECT s.id, s.user_id, s.revoked_at IS NULL AND s.expires_at > $2::timestamptz AS is_open, u.is_active, u.role
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))`;

/**
 * Says of sessions that are opened, renewed or open what the database says of them now: whether the log-in is open, the
 * person active and in the role that the token names. All that are asked about in one moment cost one statement. Rejects
 * while the database does not answer.
 */
export function sessionRights(pool: DatabaseHandle['pool'], clock: () => number): Recheck {
  const lookUp = lookUpTogether(async (sessions: readonly string[]) => {
    const { rows } = await pool.query(READ, [JSON.stringify(sessions), new Date(clock()).toISOString()]);
    return new Map(
      z
        .array(rowSchema)
        .parse(rows)
        .map((row) => [row.id, row]),
    );
  });
  return async (principal) => {
    const row = principal.session === undefined ? undefined : await lookUp(principal.session);
    return verdict(principal, row);
  };
}

function verdict(principal: Principal, row: SessionRow | undefined) {
  if (!row || String(row.user_id) !== principal.id) return 'logged_out';
  if (!row.is_active) return 'deactivated';
  // Before the log-in, which ends with the role: it says more.
  if (row.role !== principal.claims['role']) return 'forbidden';
  return row.is_open ? principal : 'logged_out';
}
