import { personRoom } from '@querycast/platform-protocol';
import type { Principal } from '@querycast/server';
import { z } from 'zod';
import { users } from '../db/schema.js';

const schema = z.object({ id: z.coerce.number().int(), role: z.enum(users.role.enumValues) });

/** The rooms of whoever opens a socket: their own and no other. Throws when the principal is not one of ours. */
export function ownRooms({ id, claims }: Principal) {
  const viewer = schema.parse({ id, role: claims['role'] });
  return [personRoom(viewer.role, viewer.id)];
}
