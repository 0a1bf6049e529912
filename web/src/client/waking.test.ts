// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { row, settle, setUp } from './live-client.test.support.js';
import type { Timers } from './timers.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  show();
});

const pages: ReturnType<typeof setUp>[] = [];
afterEach(() => {
  for (const { client } of pages.splice(0)) client.close();
});

/** A page that is live. */
async function livePage(options: Parameters<typeof setUp>[0] = {}) {
  const page = setUp(options);
  pages.push(page);
  await page.accept([row('e:3')]);
  const probes = () => page.transport.connections.flatMap(({ requests }) => requests);
  const answer = (ack: object) => {
    page.wire().requests.at(-1)?.answer(ack);
    return settle();
  };
  return { ...page, probes, answer };
}

const probe = { event: 'unsubscribe', payload: { room: 'querycast:probe' } };

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** The computer sleeps: time goes on, timers do not. */
const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);

function turn(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}
const hide = () => turn(true);
const show = () => turn(false);

const isPersisted = (persisted: boolean) => Object.assign(new Event('pageshow'), { persisted });

/** What tells a page that it was away. */
const SIGNALS: [string, () => void][] = [
  ['the network is back', () => window.dispatchEvent(new Event('online'))],
  ['it comes out of the back/forward cache', () => window.dispatchEvent(isPersisted(true))],
  ['it is shown', show],
];

describe.each(SIGNALS)('when %s, a page', (_name, signal) => {
  it('whose connection is dead replaces it at once, within two seconds', async () => {
    const { client, transport, wire, probes } = await livePage({ random: () => 0.999 });
    signal();
    expect(probes()).toMatchObject([probe]);
    await pass(1_499);
    expect(client.status()).toEqual({ state: 'live' });
    await pass(1);
    expect(client.status().state).toBe('offline');
    expect(transport.connections.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(await wire().auth).toMatchObject({ positions: { 'parent:1': 'e:3' } });
  });

  it.each([{ ok: true }, { ok: false, code: 'forbidden', message: 'yours' }])(
    'that hears %o keeps its connection, and nobody notices',
    async (ack) => {
      const { client, transport, probes, answer } = await livePage();
      const states: string[] = [];
      client.onStatus(({ state }) => states.push(state));
      signal();
      await answer(ack);
      await pass(60_000);
      expect(probes()).toHaveLength(1);
      expect(transport.connections).toHaveLength(1);
      expect(states).toEqual([]);
    },
  );

  it('that waits for its next attempt makes it now', async () => {
    const { transport, wire } = await livePage({ random: () => 0.999 });
    wire().cut();
    signal();
    await settle();
    expect(transport.connections).toHaveLength(2);
  });

  it('that was closed does nothing', async () => {
    const { client, transport, probes } = await livePage();
    client.close();
    signal();
    await pass(60_000);
    expect(transport.connections).toHaveLength(1);
    expect(probes()).toEqual([]);
  });

  it.each(['evicted', 'refused'])('that was %s for good does nothing', async (how) => {
    const { client, transport, wire, probes } = await livePage();
    if (how === 'evicted') {
      wire().send('evicted', { code: 'logged_out' });
    } else {
      wire().cut();
      await pass(1_000);
      wire().refuse('forbidden');
    }
    const attempts = transport.connections.length;
    signal();
    sleep(60_000);
    await pass(60_000);
    expect(client.status().state).toBe('refused');
    expect(transport.connections).toHaveLength(attempts);
    expect(probes()).toEqual([]);
  });
});

describe('the end of sleep', () => {
  it('is noticed by the clock, and a dead connection within two seconds', async () => {
    const { client, transport } = await livePage();
    sleep(60_000);
    await pass(2_000);
    expect(client.status().state).toBe('offline');
    expect(transport.connections).toHaveLength(2);
  });

  it('costs one question when the connection lives on', async () => {
    const { probes, answer, transport } = await livePage();
    sleep(60_000);
    await pass(500);
    await answer({ ok: true });
    await pass(600_000);
    expect(probes()).toHaveLength(1);
    expect(transport.connections).toHaveLength(1);
  });

  it('is not seen where timers are a little late, nor in the passing of time', async () => {
    const { probes } = await livePage();
    sleep(1_500);
    await pass(3_600_000);
    expect(probes()).toEqual([]);
  });

  it('is not seen in the rare timers of a hidden page, which asks once when it is shown', async () => {
    const { probes, answer } = await livePage();
    hide();
    for (let minute = 0; minute < 10; minute += 1) {
      sleep(60_000);
      await pass(1_000);
    }
    expect(probes()).toEqual([]);
    show();
    await answer({ ok: true });
    await pass(60_000);
    expect(probes()).toHaveLength(1);
  });
});

it('several signals at once ask once', async () => {
  const { probes, answer } = await livePage();
  for (const [, signal] of SIGNALS) signal();
  expect(probes()).toHaveLength(1);
  await answer({ ok: true });
  show();
  expect(probes()).toHaveLength(2);
});

it('a page that just loaded and one that was hidden ask nothing', async () => {
  const { probes } = await livePage();
  window.dispatchEvent(isPersisted(false));
  hide();
  expect(probes()).toEqual([]);
});

it('before the gateway is ready nothing is asked, and the attempt goes on', async () => {
  const page = setUp();
  pages.push(page);
  await page.wire().auth;
  page.wire().accept();
  show();
  await pass(5_000);
  expect(page.wire().requests).toEqual([]);
  expect(page.transport.connections).toHaveLength(1);
});

it('a connection that ends while it is probed is replaced without a wait', async () => {
  const { transport, wire } = await livePage({ random: () => 0.999 });
  show();
  wire().cut();
  await settle();
  expect(transport.connections).toHaveLength(2);
});

it('the answer to a former connection says nothing of the present one', async () => {
  const { transport, wire, accept, probes } = await livePage();
  show();
  wire().send('drain', { withinMs: 0 });
  await settle();
  expect(transport.connections).toHaveLength(2);
  await accept([row('e:3', 'recovered')]);
  await pass(60_000);
  expect(transport.connections).toHaveLength(2);
  show();
  expect(probes()).toHaveLength(2);
  await pass(1_500);
  expect(transport.connections).toHaveLength(3);
});

it('a page that was busy while the answer came reads it before it gives up', async () => {
  let nowMs = 0;
  let entries: { atMs: number; callback: () => void }[] = [];
  const timers: Timers = {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      const entry = { atMs: nowMs + delayMs, callback };
      entries.push(entry);
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
  };
  const { wire, transport } = await livePage({ timers });
  show();
  nowMs += 5_000;
  // A turn of the event loop: timers that are due run before messages are read.
  for (const { callback } of entries.filter(({ atMs }) => atMs <= nowMs)) callback();
  wire().requests.at(-1)?.answer({ ok: true });
  await settle();
  nowMs += 5_000;
  for (const { callback } of entries.filter(({ atMs }) => atMs <= nowMs)) callback();
  expect(transport.connections).toHaveLength(1);
});

it('a gateway that asked for time gets it, whatever happens', async () => {
  const { transport, wire } = await livePage({ random: () => 0 });
  wire().cut();
  await settle();
  wire().refuse('overloaded', 20_000);
  await pass(5_000);
  show();
  await pass(14_999);
  expect(transport.connections).toHaveLength(2);
  await pass(1);
  expect(transport.connections).toHaveLength(3);
});
