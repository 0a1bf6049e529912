import { expect, test } from 'vitest';
import { lookUpTogether } from './look-up-together.js';

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A look-up that doubles even numbers, and what it was called with. */
function doubling() {
  const calls: (readonly number[])[] = [];
  const lookUp = lookUpTogether(async (ids: readonly number[]) => {
    calls.push(ids);
    return new Map(ids.filter((id) => id % 2 === 0).map((id) => [id, 2 * id]));
  });
  return { calls, lookUp };
}

test('what is asked for in one moment is read at once, each id once', async () => {
  const { calls, lookUp } = doubling();
  expect(await Promise.all([2, 3, 2, 4].map(lookUp))).toEqual([4, undefined, 4, 8]);
  expect(calls).toEqual([[2, 3, 4]]);
});

test('who asks while it is being read is answered by what is read later', async () => {
  let state = 'before';
  const reading = deferred();
  const release = deferred();
  const lookUp = lookUpTogether(async (ids: readonly string[]) => {
    const read = state;
    reading.resolve();
    await release.promise;
    return new Map(ids.map((id) => [id, read]));
  });
  const first = lookUp('olga');
  await reading.promise;
  state = 'after';
  const second = lookUp('olga');
  release.resolve();
  expect([await first, await second]).toEqual(['before', 'after']);
});

test('a failure is that of all who asked, and of nobody who asks later', async () => {
  let isAway = true;
  const lookUp = lookUpTogether(async (ids: readonly number[]) => {
    if (isAway) throw new Error('away');
    return new Map(ids.map((id) => [id, id]));
  });
  expect(await Promise.allSettled([lookUp(1), lookUp(2)])).toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ]);
  isAway = false;
  expect(await lookUp(1)).toBe(1);
});
