import { expect, test } from 'vitest';
import { storeConformance } from './conformance.js';
import { memoryStore } from './memory-store.js';

async function stored(store: ReturnType<typeof memoryStore>, key: string): Promise<string | undefined> {
  return (await store.get([key])).values[0]?.toString();
}

test('a value lives for its time to live, by the injected clock', async () => {
  let now = 1_000;
  const store = memoryStore({ clock: () => now });
  await store.set('a', 'one', 500);
  now = 1_499;
  expect(await stored(store, 'a')).toBe('one');
  now = 1_500;
  expect(await stored(store, 'a')).toBeUndefined();
});

test('the least recently used value goes when there are too many', async () => {
  const store = memoryStore({ maxEntries: 2 });
  await store.set('a', '1', 1_000);
  await store.set('b', '2', 1_000);
  await store.get(['a']);
  await store.set('c', '3', 1_000);
  expect((await store.get(['a', 'b', 'c'])).values.map(String)).toEqual(['1', 'undefined', '3']);
});

test('writing a key again does not push out another one', async () => {
  const store = memoryStore({ maxEntries: 2 });
  await store.set('a', '1', 1_000);
  await store.set('b', '2', 1_000);
  await store.set('b', '3', 1_000);
  expect((await store.get(['a', 'b'])).values.map(String)).toEqual(['1', '3']);
});

test('a replacement happens only over the expected value, and an expired value is none', async () => {
  let now = 0;
  const store = memoryStore({ clock: () => now });
  expect(await store.replace('a', { expected: undefined, value: '1', ttlMs: 100 })).toBe(true);
  expect(await store.replace('a', { expected: undefined, value: '2', ttlMs: 100 })).toBe(false);
  expect(await store.replace('a', { expected: '1', value: '3', ttlMs: 100 })).toBe(true);
  expect(await stored(store, 'a')).toBe('3');
  now = 100;
  expect(await store.replace('a', { expected: '3', value: '4', ttlMs: 100 })).toBe(false);
  expect(await store.replace('a', { expected: undefined, value: '5', ttlMs: 100 })).toBe(true);
});

test('two stores have two incarnations, one store keeps its own', async () => {
  const [one, other] = [memoryStore(), memoryStore()];
  expect((await one.get([])).incarnation).toBe((await one.get(['a'])).incarnation);
  expect((await one.get([])).incarnation).not.toBe((await other.get([])).incarnation);
});

test.each([
  ['text', 'größer'],
  ['bytes', Buffer.from('größer')],
])('a small value keeps no more memory than its own: %s', async (_name, value) => {
  const store = memoryStore();
  await store.set('a', value, 1_000);
  const [kept] = (await store.get(['a'])).values;
  expect(kept?.toString()).toBe('größer');
  expect(kept?.buffer.byteLength).toBe(8);
});

test('a limit that keeps nothing is refused', () => {
  expect(() => memoryStore({ maxEntries: 0 })).toThrow(RangeError);
});

storeConformance('memory store', async () => {
  let now = 0;
  return {
    store: memoryStore({ clock: () => now }),
    async advance(elapsedMs) {
      now += elapsedMs;
    },
    async close() {},
  };
});
