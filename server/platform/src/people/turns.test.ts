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

test('nobody takes more than their share of the places, and what is refused takes none', async () => {
  const turns = createTurns(1, 4, (isShare) => new Error(isShare ? 'share' : 'all'));
  const { work, end } = pieces();
  const [olgas, ivans] = ['olga', 'ivan'].map((of) => ({ of, places: 2 }));
  const taken = [0, 1].map((at) => turns.take(work(at), olgas));
  for (let at = 0; at < 5; at += 1) await expect(turns.take(work(9), olgas)).rejects.toThrow('share');
  taken.push(...[2, 3].map((at) => turns.take(work(at), ivans)), turns.take(work(4)));
  await expect(turns.take(work(9))).rejects.toThrow('all');
  // Refused by all, it has given back its share.
  end(0);
  await taken[0];
  taken.push(turns.take(work(5)));
  await expect(turns.take(work(9), olgas)).rejects.toThrow('all');
  end(1);
  await taken[1];
  taken.push(turns.take(work(6), olgas));
  for (let at = 2; at <= 6; at += 1) {
    end(at);
    await taken[at];
  }
  const failing = [7, 8].map(() => turns.take(() => Promise.reject(new Error('broken')), olgas));
  for (const each of failing) await expect(each).rejects.toThrow('broken');
  expect(await Promise.all([1, 2].map((at) => turns.take(async () => at, olgas)))).toEqual([1, 2]);
});
