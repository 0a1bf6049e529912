import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { clientAddress, TRUSTED_PROXIES } from './client-address.js';

async function askBoth(forwardedFor: string[]) {
  const app = express();
  app.set('trust proxy', TRUSTED_PROXIES);
  app.use((request, response) => {
    response.json({ express: request.ip, ours: clientAddress(request) });
  });
  const server = createServer(app);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const headers = new Headers({ connection: 'close' });
  for (const each of forwardedFor) headers.append('x-forwarded-for', each);
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers });
  return (await answer.json()) as { express: string; ours: string };
}

test.each([
  [[], '127.0.0.1'],
  [['203.0.113.7'], '203.0.113.7'],
  // What a client wrote stands before what the proxy added.
  [['198.51.100.1, 203.0.113.7'], '203.0.113.7'],
  [['198.51.100.1', '203.0.113.7'], '203.0.113.7'],
  [['203.0.113.7, 10.0.0.2'], '203.0.113.7'],
  [['10.0.0.7'], '10.0.0.7'],
  [['2001:db8::7'], '2001:db8::7'],
  [['198.51.100.1, nonsense'], 'nonsense'],
  [['198.51.100.1,'], '198.51.100.1'],
])('behind proxies that said %j it is %s, for Express as well', async (forwardedFor, address) => {
  expect(await askBoth(forwardedFor)).toEqual({ express: address, ours: address });
});

test('whoever comes from elsewhere is believed nothing', () => {
  const request = { headers: { 'x-forwarded-for': '203.0.113.7' }, socket: { remoteAddress: '198.51.100.1' } };
  expect(clientAddress(request as unknown as IncomingMessage)).toBe('198.51.100.1');
});
