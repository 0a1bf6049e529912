import { expect, test } from 'vitest';
import { createArrivals, type Visit } from './arrivals.js';
import { type GatewayLimits, limitsOf } from './limits.js';
import { virtualTimers } from './virtual-timers.test.support.js';

function setUp(limits: Partial<GatewayLimits>, random = () => 0.5) {
  const timers = virtualTimers();
  const reports: string[] = [];
  const arrivals = createArrivals({ limits: limitsOf(limits), timers, report: (limit) => reports.push(limit), random });
  let cuts = 0;
  return {
    timers,
    reports,
    arrivals,
    cuts: () => cuts,
    arrive: (address: string) =>
      arrivals.arrive(address, () => {
        cuts += 1;
      }),
  };
}

const codesOf = (visits: (Visit | undefined)[]) => visits.map((visit) => (visit ? visit.refusal?.code : 'unheard'));

test('who opens connections too fast is told, who goes on is not even heard, and both come in again later', () => {
  const { arrive, timers, reports } = setUp({ handshakesPerAddress: 2 });
  const codes = codesOf(['1', '1', '1', '1', '1', '2'].map(arrive));
  expect(codes).toEqual([undefined, undefined, 'rate_limited', 'rate_limited', 'unheard', undefined]);
  expect(reports).toEqual(Array(3).fill('handshakesPerAddress'));
  timers.advance(5_000);
  expect(codesOf(['1', '1', '1'].map(arrive))).toEqual([undefined, 'rate_limited', 'unheard']);
});

test('whom a limit of rates refuses together returns at moments of their own within its time', () => {
  const moments = [0, 0.25, 0.999].map((random) => {
    const { arrive } = setUp({ handshakesPerAddress: 1 }, () => random);
    arrive('1');
    return arrive('1')?.refusal?.data.retryAfterMs;
  });
  expect(moments).toEqual([1_000, 3_250, 9_991]);
});

test('connections that have not authenticated are counted by network, until they have or are gone', () => {
  const { arrive, reports } = setUp({ pendingPerAddress: 2 });
  const [first, second] = [arrive('2001:db8::1'), arrive('2001:db8::2')];
  expect(codesOf([arrive('2001:db8::3'), arrive('2001:db8:0:1::3')])).toEqual(['unheard', undefined]);
  expect(first?.admitted('7')).toBeUndefined();
  expect(codesOf([arrive('2001:db8::3'), arrive('2001:db8::4')])).toEqual([undefined, 'unheard']);
  // Over, but its transport is still there.
  second?.over();
  expect(arrive('2001:db8::5')).toBeUndefined();
  second?.gone();
  expect(arrive('2001:db8::5')).toBeDefined();
  expect(reports).toEqual(Array(3).fill('pendingPerAddress'));
});

test('open connections are counted by network, and a user everywhere', () => {
  const { arrive, reports } = setUp({ connectionsPerAddress: 2, connectionsPerUser: 2 });
  const [first, second] = [arrive('1'), arrive('1')];
  expect([first, second].map((visit) => visit?.admitted('7'))).toEqual([undefined, undefined]);
  expect(arrive('1')?.refusal?.data).toMatchObject({ code: 'too_many_connections', retryAfterMs: 10_000 });
  expect(arrive('2')?.admitted('7')?.data).toMatchObject({ code: 'too_many_connections', retryAfterMs: 10_000 });
  expect(arrive('2')?.admitted('8')).toBeUndefined();
  first?.over();
  expect(arrive('3')?.admitted('7')).toBeUndefined();
  expect(reports).toEqual(['connectionsPerAddress', 'connectionsPerUser']);
});

test('a connection that does not authenticate in time is cut and counted, one that did or has left is not', () => {
  const { arrive, timers, reports, cuts } = setUp({ handshakeTimeoutMs: 3_000 });
  arrive('1')?.admitted('7');
  arrive('1')?.gone();
  arrive('1');
  timers.advance(2_999);
  expect(cuts()).toBe(0);
  timers.advance(1);
  expect(cuts()).toBe(1);
  expect(reports).toEqual(['handshakeTimeoutMs']);
});

test('whoever left while the token was checked takes no place', () => {
  const { arrive, arrivals } = setUp({ connectionsPerUser: 1 });
  const left = arrive('1');
  left?.gone();
  expect(left?.admitted('7')).toBeUndefined();
  expect(arrivals.size()).toMatchObject({ networks: 0, users: 0 });
  expect(arrive('1')?.admitted('7')).toBeUndefined();
});

test('thirty thousand visits of as many addresses leave nothing behind', () => {
  const { arrive, arrivals, timers } = setUp({ connectionsPerUser: 1 });
  for (let each = 0; each < 30_000; each += 1) {
    const visit = arrive(`2001:db8:${(each >> 8).toString(16)}:${(each & 255).toString(16)}::1`);
    if (each % 3 === 0) visit?.admitted(String(each));
    if (each % 2 === 0) visit?.over();
    visit?.gone();
    visit?.gone();
    if (each % 1_000 === 0) expect(arrivals.size().rates).toBeLessThanOrEqual(20_000);
  }
  expect(arrivals.size()).toMatchObject({ networks: 0, users: 0 });
  timers.advance(20_000);
  arrive('1')?.gone();
  expect(arrivals.size()).toEqual({ networks: 0, rates: 1, users: 0 });
  expect(timers.pending()).toBe(0);
});
