import type { AdminUser, CreateUser, EditUser } from '@querycast/platform-protocol';
import type { ApiCalls } from './api-calls.js';
import type { QueryContext } from './request.js';

/** What an admin asks for and does. */
export interface AdminApi {
  users(query: QueryContext): Promise<AdminUser[]>;
  createUser(user: CreateUser): Promise<AdminUser>;
  editUser(userId: number, user: EditUser): Promise<AdminUser>;
}

/** The endpoints of an admin. */
export function createAdminApi({ get, write }: ApiCalls): AdminApi {
  return {
    users: (query) => get('/api/admin/users', query),
    createUser: (body) => write('POST', '/api/admin/users', body),
    editUser: (userId, body) => write('PATCH', `/api/admin/users/${userId}`, body),
  };
}
