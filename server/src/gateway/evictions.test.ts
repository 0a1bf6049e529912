import type { EvictedCode } from '@querycast/protocol';
import { describe, expect, it } from 'vitest';
import { createEvictions, type EvictionTarget } from './evictions.js';
import { systemTimers } from './timers.js';

function evictionsAt() {
  let now = 0;
  const evictions = createEvictions({ ...systemTimers, now: () => now });
  return {
    remember: (target: EvictionTarget, code: EvictedCode, at = now) => evictions.remember(target, code, at),
    since: evictions.since,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const olga = { id: '1', session: 'a', claims: {} };

describe('remembered evictions', () => {
  it('catch a principal whose token was checked before, and no other', () => {
    const { remember, since, pass } = evictionsAt();
    pass(5);
    remember({ session: 'a' }, 'logged_out');
    expect(since(olga, 4)).toBe('logged_out');
    expect(since({ ...olga, session: 'b' }, 4)).toBeUndefined();
    expect(since(olga, 6)).toBeUndefined();
  });

  it('count from the newest one of a user', () => {
    const { remember, since, pass } = evictionsAt();
    remember({ user: '1' }, 'logged_out');
    remember({ user: '2' }, 'logged_out');
    pass(30_000);
    remember({ user: '1' }, 'deactivated');
    expect(since(olga, 10)).toBe('deactivated');
  });

  it('that are heard of late do not hide a newer one', () => {
    const { remember, since, pass } = evictionsAt();
    pass(30_000);
    remember({ user: '1' }, 'deactivated');
    remember({ user: '1' }, 'logged_out', 20_000);
    expect(since(olga, 25_000)).toBe('deactivated');
  });

  it('are forgotten after a minute', () => {
    const { remember, since, pass } = evictionsAt();
    remember({ user: '1' }, 'deactivated');
    pass(60_001);
    expect(since(olga, 0)).toBeUndefined();
  });
});
