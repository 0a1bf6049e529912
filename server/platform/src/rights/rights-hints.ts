import type { EvictionTarget } from '@querycast/server';
import { z } from 'zod';

/** Where the database tells, after the commit, whose rights may have changed; see the migration `0005_rights`. */
export const RIGHTS_CHANNEL = 'querycast_rights';

const hintSchema = z.object({ users: z.array(z.int()), sessions: z.array(z.string()) });

/**
 * Whom a hint means. `undefined` stands for everybody: some hints may have been missed, too many people are meant to name
 * them, or it cannot be read, as that of a newer version.
 */
export function hintedTargets(hint: string | undefined): EvictionTarget[] | undefined {
  const parsed = hintSchema.safeParse(parseJson(hint));
  if (!parsed.success) return undefined;
  const { users, sessions } = parsed.data;
  return [...users.map((user) => ({ user: String(user) })), ...sessions.map((session) => ({ session }))];
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    // Whatever it was meant to say, to look at everybody is enough.
    return undefined;
  }
}
