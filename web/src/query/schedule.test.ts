import { MAX_SPREAD_MS, type Position } from '@querycast/protocol';
import { describe, expect, it } from 'vitest';
import { type Action, change, newRecord, type QueryEvent } from './schedule.js';

const START_MS = 1_700_000_000_000;

/** A query at rest with data of `e:1`, and a clock and a dice in the test's hands. */
function queryAtRest() {
  let record = newRecord('q', { since: 0, positions: { 'parent:1': 'e:1' } }, false);
  let count = 0;
  let nowMs = START_MS;
  let offset = 1;
  const send = (event: QueryEvent, random = 0.5): Action | undefined => {
    count += 1;
    const [next, action] = change(record, event, { count, nowMs, random });
    record = next;
    return action;
  };
  return {
    send,
    owe: (spreadMs?: number, random?: number) => {
      offset += 1;
      const debt = { position: `e:${offset}` as Position, since: count + 1 };
      return send({ type: 'owe', room: 'parent:1', debt, spreadMs }, random);
    },
    settle: (position: Position) =>
      send({ type: 'settled', result: 'success', isPartial: false, positions: { 'parent:1': position } }),
    tick: (isHeld = false) => send({ type: 'tick', isHeld }),
    /** Fetches what is due and is answered with everything. */
    fetch: () => {
      const action = send({ type: 'tick' });
      send({ type: 'fetching' });
      send({ type: 'settled', result: 'success', isPartial: false, positions: { 'parent:1': `e:${offset}` } });
      return action;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
    dueInMs: () => record.due && record.due.atMs - START_MS,
    owes: () => record.owes,
  };
}

describe('a change that may wait', () => {
  it.each([
    [0, 0],
    [0.25, 500],
    [0.999, 1_998],
  ])('is marked at once and fetched after the random part of its spread (%d)', (random, dueInMs) => {
    const query = queryAtRest();
    expect(query.owe(2_000, random)).toEqual('mark');
    expect(query.dueInMs()).toBe(dueInMs);
    query.pass(dueInMs - 1);
    if (dueInMs > 0) expect(query.tick()).toBeUndefined();
    query.pass(1);
    expect(query.tick()).toEqual('refetch');
  });

  it('is not pushed further out by a second one, wherever its dice fall', () => {
    const query = queryAtRest();
    query.owe(2_000, 0.5);
    query.pass(900);
    expect(query.owe(2_000, 0.9)).toEqual('mark');
    expect(query.dueInMs()).toBe(1_000);
  });

  it('is not drawn in by a second one that has as much time: else many rooms would crowd at the beginning', () => {
    const query = queryAtRest();
    query.owe(2_000, 0.5);
    query.owe(2_000, 0);
    expect(query.dueInMs()).toBe(1_000);
  });

  it('is drawn into the spread of a second one that is over sooner', () => {
    const query = queryAtRest();
    query.owe(60_000, 0.5);
    query.pass(100);
    expect(query.owe(2_000, 0.25)).toEqual('mark');
    expect(query.dueInMs()).toBe(600);
  });

  it('is due at once when one comes that may not wait', () => {
    const query = queryAtRest();
    query.owe(60_000, 0.5);
    query.pass(100);
    expect(query.owe()).toEqual('mark');
    expect(query.dueInMs()).toBe(100);
    expect(query.tick()).toEqual('refetch');
  });

  it('does not delay one that is due already', () => {
    const query = queryAtRest();
    query.owe();
    expect(query.owe(60_000)).toEqual('mark');
    expect(query.tick()).toEqual('refetch');
  });

  it('is paid by a fetch that somebody else began meanwhile', () => {
    const query = queryAtRest();
    query.owe(60_000, 0.5);
    query.send({ type: 'fetching' });
    expect(query.tick()).toBeUndefined();
    expect(query.settle('e:2')).toBeUndefined();
    expect(query.owes()).toBe(false);
    query.pass(60_000);
    expect(query.tick()).toBeUndefined();
  });

  it('does not delay a poll', () => {
    const query = queryAtRest();
    query.owe(60_000, 0.5);
    query.send({ type: 'poll' });
    expect(query.tick()).toEqual('refetch');
  });

  it('waits for the longest spread there is, and is fetched then', () => {
    const query = queryAtRest();
    query.owe(MAX_SPREAD_MS, 0.999);
    query.pass(MAX_SPREAD_MS * 0.999 - 1);
    expect(query.tick()).toBeUndefined();
    query.pass(1);
    expect(query.tick()).toEqual('refetch');
  });

  it('does not wait for a clock that was set back, be it by a minute', () => {
    const query = queryAtRest();
    query.owe(2_000, 0.5);
    query.pass(1_000 - 60_000);
    expect(query.tick()).toEqual('refetch');
  });
});

describe('a fetch to be tried again', () => {
  it('is not drawn in by further changes: the source that is behind gets its time', () => {
    const query = queryAtRest();
    query.owe();
    query.tick();
    query.send({ type: 'fetching' });
    query.settle('e:1');
    expect(query.dueInMs()).toBe(375);
    expect(query.owe()).toEqual('mark');
    expect(query.dueInMs()).toBe(375);
  });
});

describe('a fetch that failed', () => {
  /** Fetches whenever one is due and fails, with a change every 100 ms if so wished; answers when it fetched. */
  const failedAtMs = (forMs: number, isBusy: boolean) => {
    const query = queryAtRest();
    const fetchedAtMs: number[] = [];
    query.owe();
    for (let ms = 0; ms < forMs; ms += 10) {
      if (isBusy && ms % 100 === 0) query.owe();
      if (query.tick() === 'refetch') {
        fetchedAtMs.push(ms);
        query.send({ type: 'fetching' });
        query.send({ type: 'settled', result: 'failure', isPartial: false });
      }
      query.pass(10);
    }
    return fetchedAtMs;
  };

  it('is not tried more often under a stream of changes: a server that is down gets as much time', () => {
    const quiet = failedAtMs(120_000, false);
    expect(quiet).toHaveLength(11);
    expect(failedAtMs(120_000, true)).toEqual(quiet);
  });

  it('is tried with the next change when it was merely cancelled', () => {
    const query = queryAtRest();
    query.owe();
    query.tick();
    query.send({ type: 'fetching' });
    query.send({ type: 'settled', result: 'cancelled', isPartial: false });
    expect(query.dueInMs()).toBe(375);
    query.pass(300);
    expect(query.owe()).toEqual('mark');
    expect(query.dueInMs()).toBe(300);
  });
});

describe('a busy query', () => {
  it('is fetched at once when it is quiet, then once a window, which grows to two seconds', () => {
    const query = queryAtRest();
    const fetchedAtMs: number[] = [];
    for (let ms = 0; ms < 10_000; ms += 10) {
      query.owe();
      if (query.fetch() === 'refetch') fetchedAtMs.push(ms);
      query.pass(10);
    }
    expect(fetchedAtMs).toEqual([0, 250, 750, 1_750, 3_750, 5_750, 7_750, 9_750]);
  });

  it('has its last change fetched at the end of the window', () => {
    const query = queryAtRest();
    query.owe();
    query.fetch();
    query.pass(10);
    expect(query.owe()).toEqual('mark');
    expect(query.dueInMs()).toBe(250);
    expect(query.tick()).toBeUndefined();
    query.pass(240);
    expect(query.fetch()).toEqual('refetch');
    expect(query.owes()).toBe(false);
  });

  it('is quiet again after as long as its last window, and fetched at once', () => {
    const query = queryAtRest();
    query.owe();
    query.fetch();
    query.pass(500);
    query.owe();
    expect(query.fetch()).toEqual('refetch');
    query.pass(100);
    query.owe();
    expect(query.dueInMs()).toBe(750);
  });

  it('does not wait for a window that a clock which was set back has put into the future', () => {
    const query = queryAtRest();
    query.owe();
    query.fetch();
    query.pass(-60_000);
    query.owe();
    expect(query.fetch()).toEqual('refetch');
  });
});

describe('a fetch that a mutation holds', () => {
  it('is started when the mutation is over', () => {
    const query = queryAtRest();
    query.owe();
    expect(query.tick(true)).toEqual('mark');
    query.pass(300);
    expect(query.tick(true)).toBeUndefined();
    expect(query.tick(false)).toEqual('refetch');
  });

  it('is none any more when the fetch that the mutation ends with pays the debt', () => {
    const query = queryAtRest();
    query.owe();
    query.tick(true);
    query.send({ type: 'fetching' });
    query.settle('e:2');
    expect(query.tick(false)).toBeUndefined();
  });

  it('waits ten seconds and no longer', () => {
    const query = queryAtRest();
    query.owe();
    query.tick(true);
    query.pass(9_999);
    expect(query.tick(true)).toBeUndefined();
    query.pass(1);
    expect(query.tick(true)).toEqual('refetch');
  });
});

it('an answer of another sequence is no reason to fetch again when everything owed was paid', () => {
  const query = queryAtRest();
  query.owe();
  query.fetch();
  query.send({ type: 'fetching' });
  expect(query.settle('f:1')).toBeUndefined();
  expect(query.owes()).toBe(false);
  // Nor when it was paid before it was announced.
  query.send({ type: 'owe', room: 'parent:1', debt: { position: 'f:1', since: 99 } });
  query.send({ type: 'fetching' });
  expect(query.settle('g:1')).toBeUndefined();
  expect(query.owes()).toBe(false);
});

it('an answer older than the one before is fetched again, though nothing was announced', () => {
  const query = queryAtRest();
  query.send({ type: 'fetching' });
  expect(query.settle('e:6')).toBeUndefined();
  query.send({ type: 'fetching' });
  expect(query.settle('e:5')).toBe('mark');
  expect(query.owes()).toBe(true);
});

it('a further page that is older than the rest has all of them fetched again', () => {
  const query = queryAtRest();
  query.owe();
  query.fetch();
  query.send({ type: 'fetching' });
  query.send({ type: 'settled', result: 'success', isPartial: true, positions: { 'parent:1': 'e:1' } });
  expect(query.owes()).toBe(true);
});

it('what was given up is left alone until the next change, however often it is mounted', () => {
  const query = queryAtRest();
  query.owe();
  for (let fetch = 0; fetch < 4; fetch += 1) {
    query.pass(60_000);
    expect(query.tick()).toBe('refetch');
    query.send({ type: 'fetching' });
    query.send({ type: 'settled', result: 'refused', isPartial: false });
  }
  expect(query.send({ type: 'mounted' })).toBeUndefined();
  expect(query.dueInMs()).toBeUndefined();
  query.owe();
  expect(query.dueInMs()).toBeDefined();
});

it('a row that the position of the data covers changes nothing and copies nothing, however many rooms there are', () => {
  const record = newRecord('q', { since: 0, positions: { 'parent:1': 'e:5' } }, false);
  const debt = { position: 'e:5', since: 1 } as const;
  const [next] = change(record, { type: 'owe', room: 'parent:1', debt }, { count: 1, nowMs: START_MS, random: 0.5 });
  expect(next).toBe(record);
});
