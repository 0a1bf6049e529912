import { expect, test } from 'vitest';
import { createTurns } from './turns.js';

const full = () => new Error('full');

/** Work that ends when it is told to. */
function pieces() {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const work = (at: number) => async () => {
    started.push(at);
    await new Promise<void>((resolve) => {
      ends[at] = resolve;
    });
    return at;
  };
  return { started, work, end: (at: number) => ends[at]?.() };
}

test('so much runs at once, so much waits in order, and the rest is refused at once', async () => {
  const turns = createTurns(2, 2, full);
  const { started, work, end } = pieces();
  const taken = [0, 1, 2, 3].map((at) => turns.take(work(at)));
  await expect(turns.take(work(4))).rejects.toThrow('full');
  expect(started).toEqual([0, 1]);
  end(1);
  await taken[1];
  expect(started).toEqual([0, 1, 2]);
  const late = turns.take(work(5));
  end(0);
  await taken[0];
  expect(started).toEqual([0, 1, 2, 3]);
  for (const at of [2, 3]) end(at);
  await Promise.all([taken[2], taken[3]]);
  end(5);
  expect(await late).toBe(5);
  expect(started).toEqual([0, 1, 2, 3, 5]);
});

test('what fails hands its turn on', async () => {
  const turns = createTurns(1, 1, full);
  const failing = turns.take(() => Promise.reject(new Error('broken')));
  const next = turns.take(async () => 'done');
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('done');
  expect(await turns.take(async () => 'again')).toBe('again');
});
