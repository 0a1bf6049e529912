import { beforeEach, describe, expect, it } from 'vitest';
import { createRightsHints, type RightsHints } from './rights-hints.js';
import { virtualTimers } from './virtual-timers.test.support.js';

const olga = { id: '1', session: 'a', claims: {} };

let timers: ReturnType<typeof virtualTimers>;
let hints: RightsHints;

beforeEach(() => {
  timers = virtualTimers();
  hints = createRightsHints(timers);
});

describe('a hint', () => {
  it.each([
    ['of the user', { user: '1' }, true],
    ['of the log-in', { session: 'a' }, true],
    ['of everyone', undefined, true],
    ['of another user', { user: '2' }, false],
    ['of another log-in', { session: 'b' }, false],
    ['of a log-in named like the user', { session: '1' }, false],
  ])(
    '%s outdates what was read before it, and not what is read after it in the same millisecond',
    (_, target, isMeant) => {
      const before = hints.mark();
      hints.raise(target);
      const after = hints.mark();
      expect(hints.since(olga, before)).toBe(isMeant);
      expect(hints.since(olga, after)).toBe(false);
      expect(hints.sinceTime(olga, 0)).toBe(isMeant);
      expect(hints.sinceTime(olga, 1)).toBe(false);
    },
  );

  it('that nobody remembers outdates whatever has been read for so long', () => {
    timers.advance(1_000);
    const before = hints.mark();
    hints.raise({ user: '2' });
    timers.advance(30_000);
    const between = hints.mark();
    timers.advance(30_001);
    hints.raise({ user: '3' });
    expect(hints.since(olga, before)).toBe(true);
    expect(hints.sinceTime(olga, 1_000)).toBe(true);
    expect(hints.since(olga, between)).toBe(false);
    expect(hints.sinceTime(olga, 1_001)).toBe(false);
  });

  it('that comes again is remembered for a minute from then on', () => {
    hints.raise({ user: '1' });
    hints.raise({ user: '2' });
    timers.advance(40_000);
    const mark = hints.mark();
    hints.raise({ user: '1' });
    timers.advance(59_000);
    expect(hints.since({ id: '3', claims: {} }, mark)).toBe(false);
    expect(hints.since(olga, mark)).toBe(true);
  });
});
