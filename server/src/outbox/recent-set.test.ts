import { expect, test } from 'vitest';
import { createRecentSet } from './recent-set.js';

test('beyond its limit a set forgets what was added longest ago', () => {
  const set = createRecentSet(2);
  for (const value of ['a', 'b', 'a', 'c']) set.add(value);
  expect(['a', 'b', 'c'].filter(set.has)).toEqual(['a', 'c']);
});
