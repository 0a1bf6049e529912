import type { AdminUser } from '@querycast/platform-protocol';
import type { Shown } from '../live/change-marks.js';
import { ROLE_NAMES, userName } from './user-filter.js';

/** A sentence about each account. */
export function userNews(users: readonly AdminUser[]): Shown[] {
  return users.map((user) => [
    String(user.id),
    `${userName(user)}, ${ROLE_NAMES[user.role].toLowerCase()}, ${user.isActive ? 'active' : 'deactivated'}`,
  ]);
}
