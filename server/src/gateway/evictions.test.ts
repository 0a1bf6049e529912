import { describe, expect, it } from 'vitest';
import { createEvictions } from './evictions.js';
import { systemTimers } from './timers.js';

function evictionsAt() {
  let now = 0;
  const evictions = createEvictions({ ...systemTimers, now: () => now });
  return {
    evictions,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const olga = { id: '1', session: 'a', claims: {} };

describe('remembered evictions', () => {
  it('catch a principal whose token was checked before, and no other', () => {
    const { evictions, pass } = evictionsAt();
    pass(5);
    evictions.remember({ session: 'a' }, 'logged_out');
    expect(evictions.since(olga, 4)).toBe('logged_out');
    expect(evictions.since({ ...olga, session: 'b' }, 4)).toBeUndefined();
    expect(evictions.since(olga, 6)).toBeUndefined();
  });

  it('count from the newest one of a user', () => {
    const { evictions, pass } = evictionsAt();
    evictions.remember({ user: '1' }, 'logged_out');
    evictions.remember({ user: '2' }, 'logged_out');
    pass(30_000);
    evictions.remember({ user: '1' }, 'deactivated');
    expect(evictions.since(olga, 10)).toBe('deactivated');
  });

  it('are forgotten after a minute', () => {
    const { evictions, pass } = evictionsAt();
    evictions.remember({ user: '1' }, 'deactivated');
    pass(60_001);
    expect(evictions.since(olga, 0)).toBeUndefined();
  });
});
