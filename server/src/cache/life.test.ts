import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLife, UnsteadyStoreError } from './life.js';
import { type ReplicatedStore, replicatedStore } from './replicated-store.test.support.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A process on a store. */
function makeProcess(store: ReplicatedStore) {
  const failed = vi.fn();
  const life = createLife({ store, failed });
  return {
    failed,
    name: async () => (await life.present()).name,
    async read() {
      life.answered((await store.get([])).incarnation);
    },
  };
}

function make() {
  const store = replicatedStore();
  return { store, one: makeProcess(store), other: makeProcess(store) };
}

/** Counts the questions from now on. */
function counting(store: ReplicatedStore): () => number {
  let asked = 0;
  store.network = async (_, __, when) => {
    if (when === 'request') asked += 1;
  };
  return () => asked;
}

test('all processes on a store name the same life, however they begin it, until it fails over', async () => {
  const { store, one, other } = make();
  const [name, same] = await Promise.all([one.name(), other.name()]);
  expect(same).toBe(name);
  await one.read();
  expect([await one.name(), await other.name()]).toEqual([name, name]);
  store.failOver();
  const next = await other.name();
  expect(next).not.toBe(name);
  expect(await makeProcess(store).name()).toBe(next);
});

test('whoever has read from one incarnation and meets another begins a new life, once; others do not', async () => {
  const { store, one, other } = make();
  const third = makeProcess(store);
  await one.read();
  await third.read();
  store.failOver();
  const met = await other.name();
  const begun = await one.name();
  expect(begun).not.toBe(met);
  expect([await one.name(), await other.name()]).toEqual([begun, begun]);
  // By a read.
  await third.read();
  const again = await third.name();
  expect(again).not.toBe(begun);
  expect([await third.name(), await other.name(), await one.name()]).toEqual([again, again, again]);
});

test('who moved finds a life that has begun since good enough', async () => {
  const { store, one, other } = make();
  await one.read();
  await other.read();
  store.failOver();
  const [name, same] = await Promise.all([one.name(), other.name()]);
  expect(same).toBe(name);
  expect(await makeProcess(store).name()).toBe(name);
});

test('a new life that the store did not take is begun at the next look', async () => {
  const { store, one, other } = make();
  await one.read();
  store.failOver();
  const met = await other.name();
  store.network = async (operation) => {
    if (operation === 'replace') throw new Error('connection reset');
  };
  await expect(one.name()).rejects.toThrow('connection reset');
  store.network = async () => {};
  expect(await other.name()).toBe(met);
  expect(await one.name()).not.toBe(met);
});

test('who meets yet another incarnation while it begins a life begins one there as well', async () => {
  const { store, one, other } = make();
  await one.read();
  store.failOver();
  await other.name();
  let met = '';
  store.network = async (operation) => {
    if (operation !== 'replace') return;
    store.network = async () => {};
    store.failOver();
    met = await other.name();
  };
  await one.name();
  expect(met).not.toBe('');
  expect(await one.name()).not.toBe(met);
});

test('a life that was lost is begun anew', async () => {
  const { store, one, other } = make();
  const name = await one.name();
  for (const key of store.keys()) store.drop(key);
  const next = await other.name();
  expect(next).not.toBe(name);
  expect(await one.name()).toBe(next);
});

test('a process that has read meets another incarnation by itself, within a second', async () => {
  const { store, one, other } = make();
  await one.read();
  store.failOver();
  const met = await other.name();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await other.name()).not.toBe(met);
});

test('it looks once a second for a minute after the last read, and no longer', async () => {
  const { store, one } = make();
  await one.name();
  const asked = counting(store);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(0);
  await one.read();
  await vi.advanceTimersByTimeAsync(30_000);
  await one.read();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(asked()).toBe(2 + 30 + 60);
  expect(vi.getTimerCount()).toBe(0);
});

test('a look that failed is told of and made again, also after the minute while a new life is owed', async () => {
  const { store, one, other } = make();
  await one.read();
  store.failOver();
  const met = await other.name();
  await one.read();
  store.network = async () => {
    throw new Error('connection refused');
  };
  await vi.advanceTimersByTimeAsync(90_000);
  expect(one.failed).toHaveBeenCalledTimes(90);
  store.network = async () => {};
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await other.name()).not.toBe(met);
  expect(vi.getTimerCount()).toBe(0);
});

test('servers that answer for one in turn are no life', async () => {
  const { store, one } = make();
  store.network = async (operation, _, when) => {
    if (operation === 'get' && when === 'request') store.failOver();
  };
  await expect(one.name()).rejects.toThrow(UnsteadyStoreError);
});
