import { expect, it } from 'vitest';
import { silentLogger } from '../observability/logger.js';
import { noMetrics } from '../observability/metrics.js';
import { createRechecks } from './rechecks.js';
import { createRightsHints } from './rights-hints.js';
import { createRightsReader } from './rights-reader.js';
import { createSessionHost, type SessionHandle } from './session-host.js';
import { virtualTimers } from './virtual-timers.test.support.js';

const SESSIONS = 2_000;

/** A node full of sessions of as many users, whose database answers when the test says so. */
function crowd(isSweeping: boolean) {
  const timers = virtualTimers();
  const hints = createRightsHints(timers);
  const common = { timers, logger: silentLogger, metrics: noMetrics };
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const reader = createRightsReader({
    ...common,
    hints,
    async principalNow(principal) {
      asked.push(principal.id);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return principal;
    },
    roomsOf: async () => [],
    authorize: undefined,
  });
  const host = createSessionHost({
    ...common,
    rooms: { join() {}, release() {}, hold() {}, leave() {} },
    hello: () => ({ protocol: 1, node: 'n', live: true, heartbeatMs: 15_000 }),
    closed: (session) => rechecks.closed(session),
  });
  const rechecks = createRechecks({ ...common, reader, hints, meant: host.meant, isSweeping });
  const sessions = Array.from({ length: SESSIONS }, (_, index): SessionHandle => {
    const socket = { id: `s${index}`, send() {}, enter() {}, exit() {}, cut() {}, disconnect() {} };
    const session = host.accept(socket, { id: `${index}`, claims: {} }, 0);
    if (!session) throw new Error('not accepted');
    session.open([], {});
    rechecks.opened(session);
    return session;
  });
  let most = 0;
  return {
    timers,
    rechecks,
    sessions,
    asked,
    mostAtOnce: () => most,
    /** Answers what is asked until nothing is. */
    async answerAll(): Promise<void> {
      while (waiting.length > 0) {
        most = Math.max(most, waiting.length);
        for (const answer of waiting.splice(0)) answer();
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    },
  };
}

it('two thousand sessions that are looked at together are asked about twenty at a time, each once', async () => {
  const { rechecks, asked, mostAtOnce, answerAll, timers } = crowd(false);
  for (let hint = 0; hint < 5; hint += 1) rechecks.recheck();
  await answerAll();
  // Twenty were being asked about already when the other hints came.
  expect(asked).toHaveLength(SESSIONS + 20);
  expect(new Set(asked).size).toBe(SESSIONS);
  expect(mostAtOnce()).toBe(20);
  expect(timers.pending()).toBe(0);
});

it('a single one does not wait for all of them', async () => {
  const { rechecks, asked, answerAll } = crowd(false);
  rechecks.recheck();
  rechecks.recheck({ user: '1999' });
  await answerAll();
  expect(asked.indexOf('1999')).toBe(20);
});

it('a sweep asks about each of them every half a minute, evenly', async () => {
  const { asked, answerAll, timers } = crowd(true);
  const perSecond: number[] = [];
  for (let second = 0; second < 60; second += 1) {
    const before = asked.length;
    for (let slice = 0; slice < 10; slice += 1) {
      timers.advance(100);
      await answerAll();
    }
    perSecond.push(asked.length - before);
  }
  expect(asked).toHaveLength(2 * SESSIONS);
  expect(Math.max(...perSecond) - Math.min(...perSecond)).toBeLessThan(15);
});

it('sessions that end meanwhile are not asked about any more, and keep nothing', async () => {
  const { rechecks, sessions, asked, answerAll, timers } = crowd(true);
  rechecks.recheck();
  for (const session of sessions) session.close();
  await answerAll();
  expect(asked).toHaveLength(20);
  expect(timers.pending()).toBe(0);
});
