import { describe, expect, it } from 'vitest';
import { createEvictionJournal } from './eviction-journal.js';
import { systemTimers } from './timers.js';

function journalAt() {
  let now = 1_000;
  const journal = createEvictionJournal({ ...systemTimers, now: () => now });
  return {
    journal,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the journal of evictions', () => {
  it('tells them oldest first, each with its age', () => {
    const { journal, pass } = journalAt();
    journal.add({ user: '1' }, 'deactivated');
    pass(100);
    journal.add({ session: 'x' }, 'logged_out');
    pass(50);
    expect(journal.recent()).toEqual([
      { target: { user: '1' }, code: 'deactivated', agoMs: 150 },
      { target: { session: 'x' }, code: 'logged_out', agoMs: 50 },
    ]);
  });

  it('forgets them after a quarter of an hour', () => {
    const { journal, pass } = journalAt();
    journal.add({ user: '1' }, 'deactivated');
    pass(15 * 60_000);
    journal.add({ user: '2' }, 'deactivated');
    expect(journal.recent()).toHaveLength(2);
    pass(1);
    expect(journal.recent()).toMatchObject([{ target: { user: '2' } }]);
  });

  it('tells the newest thousand, however many there are', () => {
    const { journal } = journalAt();
    for (let n = 0; n < 5_000; n += 1) journal.add({ user: String(n) }, 'logged_out');
    const told = journal.recent();
    expect(told).toHaveLength(1_000);
    expect(told.at(-1)).toMatchObject({ target: { user: '4999' } });
  });
});
