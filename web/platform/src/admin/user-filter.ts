import type { AdminUser, Role } from '@querycast/platform-protocol';

/** Every role, in the words of the page. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  parent: 'Parent',
  student: 'Student',
  teacher: 'Teacher',
  tutor: 'Tutor',
  admin: 'Administrator',
};

/** Which accounts to show. */
export interface UserFilter {
  /** Part of a name or of an e-mail address. */
  text: string;
  /** Empty for every role. */
  role: string;
}

/** Shows everybody. */
export const NO_FILTER: UserFilter = { text: '', role: '' };

/** First and last name as one. */
export function userName({ firstName, lastName }: Pick<AdminUser, 'firstName' | 'lastName'>): string {
  return `${firstName} ${lastName}`;
}

/** The accounts that match, in their order: every word must be found, in the name or in the e-mail address. */
export function filterUsers(users: readonly AdminUser[], { text, role }: UserFilter): AdminUser[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return users.filter((user) => {
    if (role !== '' && user.role !== role) return false;
    const searched = `${userName(user)} ${user.email}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}
