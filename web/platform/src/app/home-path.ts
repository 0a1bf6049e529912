import type { Role } from '@querycast/platform-protocol';

/** The address of a person's home page. */
export function homePath(role: Role): '/' | '/users' {
  return role === 'admin' ? '/users' : '/';
}
