import type { Room } from '@querycast/protocol';

/** What a person is on the platform; also the kind of their room. */
export type Role = 'parent' | 'student' | 'teacher' | 'tutor' | 'admin';

/** The room of one person: `<role>:<user id>`. */
export function personRoom(role: Role, userId: number): Room {
  return `${role}:${userId}`;
}
