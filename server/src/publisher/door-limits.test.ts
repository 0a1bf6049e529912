import { MAX_ROOMS_PER_PUBLISH } from '@querycast/protocol';
import { expect, it } from 'vitest';
import { createDoorLimits } from './door-limits.js';
import { MAX_PUBLISH_BYTES } from './publish-size.js';

function createSetup(maxPerSecond = 3) {
  let now = 0;
  return {
    limits: createDoorLimits(maxPerSecond, () => now),
    later(ms: number) {
      now += ms;
    },
  };
}

it('takes so many messages a second, and as many in the next', () => {
  const { limits, later } = createSetup();
  const seen = () => Array.from({ length: 5 }, () => limits.excess(1));
  expect(seen()).toEqual([undefined, undefined, undefined, 'rate_limited', 'rate_limited']);
  later(999);
  expect(limits.excess(1)).toBe('rate_limited');
  later(1);
  expect(seen()).toEqual([undefined, undefined, undefined, 'rate_limited', 'rate_limited']);
});

it('takes four of the largest messages a second, and small ones instead of a fifth', () => {
  const { limits, later } = createSetup(1_000);
  for (let n = 0; n < 3; n += 1) expect(limits.excess(MAX_PUBLISH_BYTES)).toBeUndefined();
  expect(limits.excess(MAX_PUBLISH_BYTES - 1)).toBeUndefined();
  expect(limits.excess(2)).toBe('rate_limited');
  expect(limits.excess(1)).toBeUndefined();
  later(1_000);
  expect(limits.excess(MAX_PUBLISH_BYTES)).toBeUndefined();
});

it('refuses what no message needs, and counts it for nothing', () => {
  const { limits } = createSetup(1);
  for (let n = 0; n < 9; n += 1) expect(limits.excess(MAX_PUBLISH_BYTES + 1)).toBe('too_large');
  expect(limits.excess(MAX_PUBLISH_BYTES)).toBeUndefined();
});

it('reads nothing while as many appends are under way as four of the largest messages ask for', () => {
  const { limits } = createSetup();
  const [first, second] = [limits.begin(4 * MAX_ROOMS_PER_PUBLISH - 1), limits.begin(1)];
  expect(limits.excess(1)).toBe('overloaded');
  second();
  expect(limits.excess(1)).toBeUndefined();
  first();
  limits.begin(4 * MAX_ROOMS_PER_PUBLISH);
  expect(limits.excess(1)).toBe('overloaded');
});
