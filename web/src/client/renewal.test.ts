import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { row, settle, setUp } from './live-client.test.support.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A live page whose next tokens are the given ones; the last one goes on. */
async function livePage(...next: (string | Error | Promise<string>)[]) {
  const asked: boolean[] = [];
  const page = setUp({
    getToken: ({ expired }) => {
      asked.push(expired);
      const token = asked.length === 1 ? 'first' : ((next.length > 1 ? next.shift() : next[0]) ?? 'none');
      if (token instanceof Error) throw token;
      return token;
    },
  });
  await page.accept([row('e:3')]);
  const states: string[] = [];
  page.client.onStatus(({ state }) => states.push(state));
  const expiring = () => {
    page.wire().send('expiring', { inMs: 60_000 });
    return settle();
  };
  const answer = (ack: object) => {
    page.wire().requests.at(-1)?.answer(ack);
    return settle();
  };
  const renewals = () => page.wire().requests.map(({ event, payload }) => ({ event, ...payload }));
  return { ...page, asked, states, expiring, answer, renewals };
}

const renew = (token: string) => ({ event: 'renew', token });

it('sends a newer token in time, over the same connection and without a change of the status', async () => {
  const { expiring, answer, renewals, asked, states, transport } = await livePage('second');
  await expiring();
  expect(asked).toEqual([false, true]);
  expect(renewals()).toEqual([renew('second')]);
  await answer({ ok: true });
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(renewals()).toHaveLength(1);
  expect(transport.connections).toHaveLength(1);
  expect(states).toEqual([]);
});

it('does so each time that it is told', async () => {
  const { expiring, answer, renewals } = await livePage('second', 'third');
  await expiring();
  await answer({ ok: true });
  await expiring();
  await answer({ ok: true });
  expect(renewals()).toEqual([renew('second'), renew('third')]);
});

it.each([
  ['there is no token', new Error('no network')],
  ['the token does not come', new Promise<string>(() => {})],
])('tries again when %s', async (_name, broken) => {
  const { expiring, renewals, warnings, states } = await livePage(broken, 'second');
  await expiring();
  await vi.advanceTimersByTimeAsync(10_500);
  expect(warnings).toMatchObject([{ code: 'token_unavailable' }]);
  expect(renewals()).toEqual([renew('second')]);
  expect(states).toEqual([]);
});

it('tries again, less and less often, when the token is not taken', async () => {
  const { expiring, answer, renewals, states } = await livePage('second');
  await expiring();
  for (const [index, delayMs] of [500, 1_000, 2_000].entries()) {
    await answer({ ok: false, code: 'rate_limited', message: 'later' });
    await vi.advanceTimersByTimeAsync(delayMs - 1);
    expect(renewals()).toHaveLength(index + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(renewals()).toHaveLength(index + 2);
  }
  expect(states).toEqual([]);
});

it('tries again when nobody answered', async () => {
  const { wire, expiring, renewals } = await livePage('second');
  await expiring();
  wire().requests[0]?.fail();
  await vi.advanceTimersByTimeAsync(500);
  expect(renewals()).toHaveLength(2);
});

it('does not try again when it is forbidden, tells why, and lasts until the gateway cuts', async () => {
  const { client, wire, expiring, answer, renewals, warnings, states } = await livePage('of-somebody-else');
  await expiring();
  await answer({ ok: false, code: 'forbidden', message: 'the token is of another principal' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(renewals()).toHaveLength(1);
  expect(warnings).toEqual([{ code: 'renewal_refused', message: 'forbidden: the token is of another principal' }]);
  expect(states).toEqual([]);
  wire().cut();
  expect(client.status().state).toBe('offline');
});

it('drops with its connection: a token that comes later is not sent over the next one', async () => {
  let give = (_token: string) => {};
  const late = new Promise<string>((resolve) => {
    give = resolve;
  });
  const { wire, expiring, accept, cut, transport, asked } = await livePage(late, 'third');
  await expiring();
  await cut();
  await accept([row('e:3', 'recovered')]);
  give('second');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(transport.connections.map(({ requests }) => requests.length)).toEqual([0, 0]);
  expect(await wire().auth).toMatchObject({ token: 'third' });
  expect(asked).toEqual([false, true, false]);
});

it('drops with the end of the session, too', async () => {
  const { wire, client, expiring, answer, renewals, asked } = await livePage('second');
  await expiring();
  await answer({ ok: false, code: 'broker_unavailable', message: 'later' });
  wire().send('evicted', { code: 'logged_out' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(renewals()).toHaveLength(1);
  expect(asked).toHaveLength(2);
  expect(client.status()).toMatchObject({ state: 'refused', code: 'logged_out' });
});

it('takes a token that was used already for none: it would prolong nothing', async () => {
  const { expiring, renewals, answer } = await livePage('first', 'second', 'second', 'third');
  await expiring();
  expect(renewals()).toEqual([]);
  await vi.advanceTimersByTimeAsync(500);
  expect(renewals()).toEqual([renew('second')]);
  await answer({ ok: true });
  await expiring();
  expect(renewals()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(renewals()).toEqual([renew('second'), renew('third')]);
});
