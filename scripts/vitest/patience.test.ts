import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.useRealTimers();
});

test('a wait without a limit of its own goes on for longer than vitest’s second', async () => {
  const start = performance.now();
  const isLater = () => performance.now() - start > 1_500;
  await Promise.all([vi.waitFor(() => expect(isLater()).toBe(true)), vi.waitUntil(isLater)]);
});

test('a wait with a limit of its own keeps it', async () => {
  vi.useFakeTimers();
  const start = Date.now();
  await expect(vi.waitFor(() => Promise.reject(new Error('not yet')), { timeout: 500 })).rejects.toThrow('not yet');
  expect(Date.now() - start).toBeLessThan(1_000);
});
