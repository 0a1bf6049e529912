import { getActiveResourcesInfo } from 'node:process';
import { afterEach, expect, test, vi } from 'vitest';
import { repeatWhile } from './repeat-while.js';
import { createGate } from './shop-fixture.test.support.js';

afterEach(() => {
  vi.useRealTimers();
});

test('what is repeated never runs beside itself, nor beside what follows the work', async () => {
  vi.useFakeTimers();
  const work = createGate();
  const slow = createGate();
  const repeat = vi.fn(slow.enter);
  const order: string[] = [];
  const done = repeatWhile(work.enter, () => repeat().then(() => void order.push('repeated')), 1_000);
  const followed = done.then(() => order.push('followed'));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(repeat).toHaveBeenCalledTimes(1);
  work.open();
  await vi.advanceTimersByTimeAsync(3_000);
  slow.open();
  await followed;
  expect(order).toEqual(['repeated', 'followed']);
  expect(repeat).toHaveBeenCalledTimes(1);
});

test('after a repetition that rejected comes the next one, and work that rejects ends it', async () => {
  vi.useFakeTimers();
  const work = createGate();
  const repeat = vi.fn(() => Promise.reject(new Error('refused')));
  const failed = repeatWhile(() => work.enter().then(() => Promise.reject(new Error('failed'))), repeat, 1_000);
  const refused = expect(failed).rejects.toThrow('failed');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(repeat).toHaveBeenCalledTimes(3);
  work.open();
  await refused;
  expect(vi.getTimerCount()).toBe(0);
});

test('waiting for the next repetition keeps no process alive', async () => {
  const timers = () => getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
  const before = timers();
  const work = createGate();
  const done = repeatWhile(work.enter, () => Promise.resolve(), 60_000);
  expect(timers()).toBe(before);
  work.open();
  await done;
});
