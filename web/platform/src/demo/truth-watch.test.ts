import { expect, test, vi } from 'vitest';
import { createTruthWatch } from './truth-watch.js';

/** A watch whose questions the test answers. */
function setUp() {
  const answers: ((state: string | Error) => void)[] = [];
  const ask = vi.fn(
    () =>
      new Promise<string>((resolve, reject) => {
        answers.push((state) => (state instanceof Error ? reject(state) : resolve(state)));
      }),
  );
  return { watch: createTruthWatch(ask), ask, answers };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test('whoever asks while a question is under way waits for the next one, and shares it', async () => {
  const { watch, ask, answers } = setUp();
  const first = watch.refresh();
  await settle();
  const [second, third] = [watch.refresh(), watch.refresh()];
  await settle();
  expect(ask).toHaveBeenCalledTimes(1);
  answers[0]?.('old');
  expect(await first).toBe('old');
  await settle();
  expect(ask).toHaveBeenCalledTimes(2);
  answers[1]?.('new');
  expect(await Promise.all([second, third])).toEqual(['new', 'new']);
  expect(watch.current()).toBe('new');
});

test('listeners hear of changes only', async () => {
  const { watch, answers } = setUp();
  const heard = vi.fn();
  const stop = watch.subscribe(heard);
  for (const state of ['a', 'a', 'b']) {
    const asked = watch.refresh();
    await settle();
    answers.pop()?.(state);
    await asked;
  }
  expect(heard).toHaveBeenCalledTimes(2);
  stop();
});

test('a question that failed does not hold up the next one', async () => {
  const { watch, answers } = setUp();
  const failed = watch.refresh();
  await settle();
  const next = watch.refresh();
  answers[0]?.(new Error('away'));
  await expect(failed).rejects.toThrow('away');
  await settle();
  answers[1]?.('here');
  expect(await next).toBe('here');
});
