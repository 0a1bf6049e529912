import type { PlatformKey } from '@querycast/platform-protocol';
import { mutationOptions, type QueryClient } from '@tanstack/react-query';

/**
 * A write that shows what it made stale as the server has it, once it is answered. The mutation's key begins with the
 * root of `key`, so that the live connection knows whose change its own frame is: both together cost one fetch. What
 * else the write makes stale the frame says.
 */
export function writeOptions<Variables, Answer>(
  queryClient: QueryClient,
  key: PlatformKey,
  name: string,
  run: (variables: Variables) => Promise<Answer>,
) {
  return mutationOptions({
    mutationKey: [...key, name],
    mutationFn: run,
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}
