import { expect, test, vi } from 'vitest';
import { createLives } from './lives.js';

function make() {
  const replay = vi.fn(async (_: string) => {});
  const hasten = vi.fn(async () => {});
  return { lives: createLives({ replay, hasten }), replay, hasten };
}

test('a life that answers for the first time is owed a replay, once', async () => {
  const { lives, replay, hasten } = make();
  expect(lives.areOwed()).toBe(false);
  lives.answered(['a', 'b', 'a']);
  expect(lives.areOwed()).toBe(true);
  await lives.pay();
  lives.answered(['b', 'a']);
  expect(lives.areOwed()).toBe(false);
  await lives.pay();
  expect(replay.mock.calls).toEqual([['a'], ['b']]);
  expect(hasten).not.toHaveBeenCalled();
});

test('a broker that is back is owed all that waits, and a replay even under a life seen before', async () => {
  const { lives, replay, hasten } = make();
  lives.answered(['a']);
  await lives.pay();
  lives.isBack('a');
  lives.isBack(undefined);
  lives.isBack('a');
  await lives.pay();
  expect(replay.mock.calls).toEqual([['a'], ['a']]);
  expect(hasten).toHaveBeenCalledTimes(1);
  lives.isBack(undefined);
  await lives.pay();
  expect(replay).toHaveBeenCalledTimes(2);
  expect(hasten).toHaveBeenCalledTimes(2);
});

test.each(['replay', 'hasten'] as const)('what failed is owed until it succeeds (%s)', async (step) => {
  const { lives, ...steps } = make();
  steps[step].mockRejectedValueOnce(new Error('the database is away'));
  lives.isBack('a');
  await lives.pay();
  expect(lives.areOwed()).toBe(true);
  await lives.pay();
  expect(lives.areOwed()).toBe(false);
  expect(steps.hasten).toHaveBeenCalledTimes(step === 'hasten' ? 2 : 1);
});

test('a comeback while another is being welcomed is another matter', async () => {
  const { lives, hasten } = make();
  lives.isBack('a');
  hasten.mockImplementationOnce(async () => lives.isBack('b'));
  await lives.pay();
  expect(lives.areOwed()).toBe(true);
  await lives.pay();
  expect(lives.areOwed()).toBe(false);
});

test('of several lives one that fails does not keep the others waiting', async () => {
  const { lives, replay } = make();
  replay.mockRejectedValueOnce(new Error('the database is away'));
  lives.answered(['a', 'b']);
  await lives.payAnswers();
  expect(replay.mock.calls).toEqual([['a'], ['b']]);
  expect(lives.areOwed()).toBe(true);
  await lives.payAnswers();
  expect(replay.mock.calls).toEqual([['a'], ['b'], ['a']]);
});
