import { expect, test, vi } from 'vitest';
import { createLane } from './lane.js';
import { createGate } from './shop-fixture.test.support.js';

test('what enters a lane begins at once, and the next when it has ended, whether well or not', async () => {
  const lane = createLane();
  const gate = createGate();
  await lane.enter(async () => {
    await gate.enter();
    throw new Error('its own matter');
  });
  await gate.reached;
  const second = vi.fn(async () => {});
  const entered = lane.enter(second);
  await new Promise((resolve) => setImmediate(resolve));
  expect(second).not.toHaveBeenCalled();
  gate.open();
  await entered;
  expect(second).toHaveBeenCalledTimes(1);
});

test('an empty lane says that it was, a busy one when it is no more', async () => {
  const lane = createLane();
  expect(await lane.idle()).toBe(false);
  const gate = createGate();
  await lane.enter(gate.enter);
  const idle = vi.fn();
  const waiting = lane.idle().then(idle);
  await new Promise((resolve) => setImmediate(resolve));
  expect(idle).not.toHaveBeenCalled();
  gate.open();
  await waiting;
  expect(idle).toHaveBeenCalledWith(true);
  expect(await lane.idle()).toBe(false);
});
