import { expect, test, vi } from 'vitest';
import { createCacheLives } from './cache-lives.js';

function make(first: string) {
  const present = vi.fn(async () => first);
  const replay = vi.fn(async (_: string) => {});
  const lives = createCacheLives({ present, replay });
  return {
    lives,
    replay,
    becomes: (life: string) => void present.mockResolvedValue(life),
    /** A look, and what comes of it. */
    async look(): Promise<readonly string[]> {
      replay.mockClear();
      const isOwed = await lives.look();
      await lives.pay();
      expect(isOwed).toBe(replay.mock.calls.length > 0);
      return replay.mock.calls.map(([life]) => life);
    },
  };
}

test('the first life that is seen is owed a replay, and any other one after it, also one that was seen before', async () => {
  const { look, becomes } = make('a');
  expect([await look(), await look()]).toEqual([['a'], []]);
  becomes('b');
  expect([await look(), await look()]).toEqual([['b'], []]);
  becomes('a');
  expect([await look(), await look()]).toEqual([['a'], []]);
});

test('evictions in another life are owed to the present one, although no look saw the other', async () => {
  const { lives, look, replay } = make('a');
  await look();
  lives.evictedIn('a');
  expect(await look()).toEqual([]);
  lives.evictedIn('b');
  replay.mockClear();
  // Before the next look nothing is: while two masters answer in turn, it would be again and again.
  await lives.pay();
  expect(replay).not.toHaveBeenCalled();
  expect([await look(), await look()]).toEqual([['a'], []]);
});

test('a replay that failed is owed until it succeeds, whatever life is present then', async () => {
  const { lives, look, replay, becomes } = make('a');
  replay.mockRejectedValueOnce(new Error('the database is away'));
  expect(await look()).toEqual(['a']);
  await lives.pay();
  expect(replay.mock.calls).toEqual([['a'], ['a']]);
  becomes('b');
  replay.mockRejectedValueOnce(new Error('the database is away'));
  expect([await look(), await look(), await look()]).toEqual([['b'], ['b'], []]);
});

test('rows written down, and a life that begins, while a replay is under way are another matter', async () => {
  const { lives, look, replay, becomes } = make('a');
  replay.mockImplementationOnce(async () => lives.evictedIn('b'));
  expect([await look(), await look(), await look()]).toEqual([['a'], ['a'], []]);
  becomes('c');
  replay.mockImplementationOnce(async () => {
    becomes('d');
    await lives.look();
  });
  expect(await look()).toEqual(['c']);
  expect([await look(), await look()]).toEqual([['d'], []]);
});

test('rows written down under the former life while its replay is under way are owed, too', async () => {
  const { lives, look, replay, becomes } = make('a');
  await look();
  becomes('b');
  replay.mockImplementationOnce(async () => lives.evictedIn('a'));
  expect([await look(), await look(), await look()]).toEqual([['b'], ['b'], []]);
});

test('a cache that does not answer is owed what it was', async () => {
  const { lives, look } = make('a');
  await look();
  lives.evictedIn('b');
  const away = createCacheLives({ present: () => Promise.reject(new Error('away')), replay: async () => {} });
  await expect(away.look()).rejects.toThrow('away');
  expect(await look()).toEqual(['a']);
});
