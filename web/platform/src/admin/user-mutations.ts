import { type CreateUser, type EditUser, platformKeys } from '@querycast/platform-protocol';
import type { QueryClient } from '@tanstack/react-query';
import type { PlatformApi } from '../api/platform-api.js';
import { writeOptions } from '../api/write.js';

/** Changing an account. */
export interface EditUserVariables {
  userId: number;
  fields: EditUser;
}

/** Makes an account, then shows them all as the server has them. */
export function createUserMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(queryClient, platformKeys.users(), 'create', (user: CreateUser) => api.createUser(user));
}

/** Changes an account; the rest as `createUserMutation`. */
export function editUserMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(queryClient, platformKeys.users(), 'edit', ({ userId, fields }: EditUserVariables) =>
    api.editUser(userId, fields),
  );
}
