import { expect, test, vi } from 'vitest';
import { createKeyedQueue } from './keyed-queue.js';

/** Jobs that run until they are told to end. */
function jobs() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    of: (name: string) => async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
    },
    async end(name: string) {
      ends.get(name)?.();
      await quiet();
    },
  };
}

function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('so many jobs run at a time, the others wait in their order', async () => {
  const { begun, of, end } = jobs();
  const queue = createKeyedQueue({ concurrency: 2, maxWaiting: 10 });
  for (const name of ['a', 'b', 'c', 'd']) expect(queue.add(name, of(name))).toBe(true);
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('what finds no place to wait is refused, and there is one again when a job begins', async () => {
  const { begun, of, end } = jobs();
  const queue = createKeyedQueue({ concurrency: 1, maxWaiting: 2 });
  expect(['a', 'b', 'c', 'd'].map((name) => queue.add(name, of(name)))).toEqual([true, true, true, false]);
  await end('a');
  expect(queue.add('d', of('d'))).toBe(true);
  await end('b');
  await end('c');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('of one name one job waits, also in a full queue; beside one that runs another may wait', async () => {
  const { begun, of, end } = jobs();
  const queue = createKeyedQueue({ concurrency: 1, maxWaiting: 1 });
  expect(queue.add('a', of('a'))).toBe(true);
  expect(queue.add('a', of('a again'))).toBe(true);
  expect(queue.add('a', of('a once more'))).toBe(true);
  await end('a');
  await end('a again');
  expect(begun).toEqual(['a', 'a again']);
});

test('a job that fails makes room for the next', async () => {
  const queue = createKeyedQueue({ concurrency: 1, maxWaiting: 1 });
  const next = vi.fn(async () => {});
  queue.add('a', () => Promise.reject(new Error('its own matter')));
  queue.add('b', next);
  await quiet();
  expect(next).toHaveBeenCalledTimes(1);
});

test('closing drops what waits and waits for what runs', async () => {
  const { begun, of, end } = jobs();
  const queue = createKeyedQueue({ concurrency: 1, maxWaiting: 5 });
  queue.add('a', of('a'));
  queue.add('b', of('b'));
  const closed = vi.fn();
  const closing = Promise.all([queue.close(), queue.close()]).then(closed);
  await quiet();
  expect(closed).not.toHaveBeenCalled();
  expect(queue.add('c', of('c'))).toBe(false);
  await end('a');
  await closing;
  expect(begun).toEqual(['a']);
});
