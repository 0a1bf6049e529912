import { afterEach, expect, test, vi } from 'vitest';
import { requestRefresh } from './auth-api.js';
import { ApiUnreachableError } from './errors.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Hangs until aborted, as `fetch` does on a dead network. */
const hanging = (_input: RequestInfo | URL, init?: RequestInit) =>
  new Promise<Response>((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
  });

test('a refresh that hangs is given up after ten seconds as unreachable, so that no tab waits for it for ever', async () => {
  const clock = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(clock.signal);
  const refreshed = requestRefresh(hanging);
  expect(timeout).toHaveBeenCalledWith(10_000);
  clock.abort(new DOMException('too late', 'TimeoutError'));
  await expect(refreshed).rejects.toThrow(ApiUnreachableError);
});
