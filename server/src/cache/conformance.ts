import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CacheStore } from './cache-store.js';

/** A store with nothing in it, and how it ages. */
export interface StoreUnderTest {
  readonly store: CacheStore;
  /** Lets this much time pass for the store. */
  advance(elapsedMs: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Defines the tests every cache store must pass, with vitest: each gets an empty store of its own from `makeStore`.
 *
 * @example
 * storeConformance('memory store', async () => {
 *   let now = 0;
 *   const store = memoryStore({ clock: () => now });
 *   return { store, advance: async (elapsedMs) => { now += elapsedMs; }, close: async () => {} };
 * });
 */
export function storeConformance(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let current: StoreUnderTest | undefined;

    beforeEach(async () => {
      current = await makeStore();
    });

    afterEach(async () => {
      await current?.close();
      current = undefined;
    });

    function use(): CacheStore {
      if (!current) throw new Error('a store exists only while a test runs');
      return current.store;
    }

    async function stored(...keys: readonly string[]): Promise<readonly (string | undefined)[]> {
      return (await use().get(keys)).values.map((value) => value?.toString());
    }

    it('answers values in the order of the keys, also twice, and nothing where there is none', async () => {
      await use().set('a', '1', 60_000);
      await use().set('b', '2', 60_000);
      expect(await stored('b', 'none', 'a', 'b')).toEqual(['2', undefined, '1', '2']);
      expect(await stored()).toEqual([]);
    });

    it('names the same incarnation with whatever it answers', async () => {
      const { incarnation } = await use().get([]);
      expect(incarnation).not.toBe('');
      await use().set('a', '1', 60_000);
      expect((await use().get(['a', 'none'])).incarnation).toBe(incarnation);
    });

    it.each([
      ['empty', ''],
      ['quotes, breaks and braces', '"\'\\{}\r\n\t*?[a-b] %'],
      ['a zero character and others nobody prints', '\u0000\u0001\u007f\u0085\u2028\ufeff'],
      ['many scripts', 'Ольга 数学 ﷽ 👩‍👩‍👧 \ufffd'],
      ['looks like an answer of the server', '$-1\r\n_\r\n*0\r\n'],
      ['long', 'ab\n'.repeat(100_000)],
    ])('keeps a value as it is: %s', async (_, value) => {
      await use().set('a', value, 60_000);
      expect(await stored('a')).toEqual([value]);
      expect(await use().replace('a', { expected: value, value: `${value}!`, ttlMs: 60_000 })).toBe(true);
      expect(await stored('a')).toEqual([`${value}!`]);
      expect(await use().remove('a', `${value}!`)).toBe(true);
    });

    it('keeps bytes that are no text', async () => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      await use().set('a', bytes, 60_000);
      expect((await use().get(['a'])).values).toEqual([bytes]);
    });

    it('keeps keys apart, whatever they are made of', async () => {
      const keys = ['a', 'a ', 'A', 'a:1', 'a:1:*', 'a:1\n', '{a}', '', 'ä', 'a\u0308'];
      for (const key of keys) await use().set(key, `value of ${key}`, 60_000);
      expect(await stored(...keys)).toEqual(keys.map((key) => `value of ${key}`));
    });

    it('ends a value with its time to live, which begins anew with each write', async () => {
      await use().set('a', '1', 600_000);
      await use().set('b', '1', 600_000);
      await use().set('c', '1', 600_000);
      // What is left is more than the test itself takes: a server goes by its own clock.
      await current?.advance(540_000);
      await use().set('b', '2', 600_000);
      await use().replace('c', { expected: '1', value: '2', ttlMs: 600_000 });
      expect(await stored('a')).toEqual(['1']);
      await current?.advance(120_000);
      expect(await stored('a', 'b', 'c')).toEqual([undefined, '2', '2']);
    });

    it('replaces only what is still there', async () => {
      const write = (expected: string | undefined, value: string) =>
        use().replace('a', { expected, value, ttlMs: 60_000 });
      expect(await write('1', '2')).toBe(false);
      expect(await write('', '2')).toBe(false);
      expect(await write(undefined, '1')).toBe(true);
      expect(await write(undefined, '2')).toBe(false);
      expect(await write('', '2')).toBe(false);
      expect(await write('1', '2')).toBe(true);
      expect(await write('1', '3')).toBe(false);
      expect(await stored('a')).toEqual(['2']);
    });

    it('treats an expired value as none', async () => {
      await use().set('a', '1', 60_000);
      await current?.advance(61_000);
      expect(await use().remove('a', '1')).toBe(false);
      expect(await use().replace('a', { expected: '1', value: '2', ttlMs: 60_000 })).toBe(false);
      expect(await use().replace('a', { expected: undefined, value: '3', ttlMs: 60_000 })).toBe(true);
      await current?.advance(61_000);
      expect(await stored('a')).toEqual([undefined]);
    });

    it('removes only what is still there', async () => {
      expect(await use().remove('a', '1')).toBe(false);
      await use().set('a', '1', 60_000);
      expect(await use().remove('a', '2')).toBe(false);
      expect(await stored('a')).toEqual(['1']);
      expect(await use().remove('a', '1')).toBe(true);
      expect(await use().remove('a', '1')).toBe(false);
      expect(await stored('a')).toEqual([undefined]);
    });

    it('lets exactly one of many replace the same value', async () => {
      for (const expected of [undefined, 'first']) {
        const written = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            use().replace('a', { expected, value: expected === undefined ? 'first' : `next ${index}`, ttlMs: 60_000 }),
          ),
        );
        expect(written.filter(Boolean)).toHaveLength(1);
      }
    });
  });
}
