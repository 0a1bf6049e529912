import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.useRealTimers();
});

test('a wait without a limit of its own goes on for longer than vitest’s second', async () => {
  vi.useFakeTimers();
  const start = Date.now();
  await vi.waitFor(() => expect(Date.now() - start).toBeGreaterThan(1_500));
});

test('a wait with a limit of its own keeps it', async () => {
  vi.useFakeTimers();
  const start = Date.now();
  await expect(vi.waitFor(() => Promise.reject(new Error('not yet')), { timeout: 500 })).rejects.toThrow('not yet');
  expect(Date.now() - start).toBeLessThan(1_000);
});
