import { expect, test } from 'vitest';
import { createInFlightLimit } from './in-flight-limit.js';

test('runs no more than the limit at a time, the others in their order, and goes on after a failure', async () => {
  const limit = createInFlightLimit(2);
  const started: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const results = [0, 1, 2, 3, 4].map((n) =>
    limit(async () => {
      started.push(n);
      await new Promise<void>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())));
      return n;
    }),
  );
  const settled = Promise.allSettled(results);
  expect(started).toEqual([0, 1]);
  ends[1]?.(new Error('failed'));
  await expect(results[1]).rejects.toThrow('failed');
  expect(started).toEqual([0, 1, 2]);
  ends[0]?.();
  await results[0];
  expect(started).toEqual([0, 1, 2, 3]);
  ends[2]?.();
  await results[2];
  for (const end of ends) end();
  await results[3];
  for (const end of ends) end();
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
});

test('one whose turn comes too late is not run, and those behind it go on', async () => {
  let now = 0;
  const limit = createInFlightLimit(1, { maxWaitMs: 1_000, clock: () => now });
  let end = () => {};
  const running = limit(() => new Promise<void>((resolve) => (end = resolve)));
  const ran: string[] = [];
  const late = limit(async () => ran.push('late'));
  now = 500;
  const inTime = limit(async () => ran.push('in time'));
  now = 1_001;
  end();
  await running;
  await expect(late).rejects.toThrow('no turn within 1000 ms');
  await inTime;
  expect(ran).toEqual(['in time']);
});
