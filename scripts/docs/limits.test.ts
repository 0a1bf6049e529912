import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLiveClient, type LiveClient, socketIoTransport } from '@querycast/react';
import { createGateway, createMemoryBroker, type Gateway, type GatewayOptions } from '@querycast/server';
import { expect, onTestFinished, test } from 'vitest';

/** How many times as fast as ours the clocks of gateway and pages go: they wait ten seconds and more. */
const SPEED = 10;

const now = () => performance.now() * SPEED;

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms / SPEED);
  return () => clearTimeout(timer);
}

/** A gateway with limits that a few pages reach. */
async function startGateway(limits: GatewayOptions['limits']) {
  const http = createServer();
  const broker = createMemoryBroker();
  const gateway: Gateway = createGateway({
    broker,
    authenticate: async (id) => ({ id, claims: {} }),
    roomsOf: ({ id }) => [`user:${id}`],
    ...(limits && { limits }),
    timers: { now, wallClock: now, after },
  }).attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await gateway.close();
    await broker.close();
    await new Promise((resolve) => http.close(resolve));
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** A page: its client, and the codes that it was refused with. */
function openPage(url: string, user = '1') {
  const codes: unknown[] = [];
  const client: LiveClient = createLiveClient({
    transport: socketIoTransport({ url }),
    getToken: () => user,
    timers: { nowMs: now, after },
  });
  onTestFinished(() => client.close());
  client.onStatus(({ code }) => {
    if (code) codes.push(code);
  });
  client.start();
  const state = (wanted: string) => expect.poll(() => client.status().state, { timeout: 25_000 }).toBe(wanted);
  return { client, codes, state };
}

test('a page that was told to come later comes back by itself', async () => {
  const url = await startGateway({ handshakesPerAddress: 2 });
  const pages = [openPage(url, '1'), openPage(url, '2'), openPage(url, '3')];
  for (const { state } of pages) await state('live');
  expect(pages.flatMap(({ codes }) => codes)).toContain('rate_limited');
});

test('a page that was one too many comes back by itself once another one was closed', async () => {
  const url = await startGateway({ connectionsPerUser: 1 });
  const first = openPage(url);
  await first.state('live');
  const second = openPage(url);
  await expect.poll(() => second.codes).toContain('too_many_connections');
  expect(first.client.status().state).toBe('live');
  first.client.close();
  await second.state('live');
});
