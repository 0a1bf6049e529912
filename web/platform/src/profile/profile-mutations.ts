import { type EditProfile, platformKeys } from '@querycast/platform-protocol';
import type { QueryClient } from '@tanstack/react-query';
import type { PlatformApi } from '../api/platform-api.js';
import { writeOptions } from '../api/write.js';

/** Saves the own names, then shows them as the server has them. */
export function editProfileMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(queryClient, platformKeys.profile(), 'edit', (profile: EditProfile) => api.editProfile(profile));
}
