import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createToldSoon } from './told-soon.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A relay whose answers are the test's. */
function relay() {
  const answers: (() => void)[] = [];
  const settled = vi.fn(() => new Promise<void>((resolve) => answers.push(resolve)));
  const answer = async () => {
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { settled, answer };
}

test('whoever comes while the relay is asked waits for the next answer, all of them for the same', async () => {
  const { settled, answer } = relay();
  const told = createToldSoon(settled, 100);
  const over: string[] = [];
  const wait = (name: string) => void told.wait().then(() => over.push(name));
  wait('first');
  wait('second');
  wait('third');
  await answer();
  expect(over).toEqual(['first']);
  await answer();
  expect(over).toEqual(['first', 'second', 'third']);
  expect(settled).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('a relay that does not come to rest is waited for no longer than that, and holds nobody', async () => {
  const { settled } = relay();
  const told = createToldSoon(settled, 100);
  const waits = Array.from({ length: 500 }, () => told.wait());
  await vi.advanceTimersByTimeAsync(100);
  await Promise.all(waits);
  expect(settled).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});
