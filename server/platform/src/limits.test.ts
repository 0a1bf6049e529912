import { get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestPlatform, type TestPlatform } from './testing/test-platform.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ MAX_CONNECTIONS_PER_USER: '2', MAX_PENDING_PER_ADDRESS: '1' });
});
afterAll(() => platform?.remove());

test('limits that are set hold, for an address as the proxy names it, and metrics tell', async () => {
  const { token } = await platform.logIn('parent@demo.test');
  const first = await platform.connect(token);
  await platform.connect(token);
  await expect(platform.connect(token)).rejects.toMatchObject({ code: 'too_many_connections' });

  const url = `${platform.url}/socket.io/?EIO=4&transport=websocket`;
  const webSocket = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  const open = (from: string) =>
    new Promise<number | undefined>((resolve) => {
      const request = get(url, { agent: false, headers: { ...webSocket, 'X-Forwarded-For': from } });
      request.on('upgrade', ({ statusCode }, socket) => {
        socket.on('error', () => {});
        resolve(statusCode);
      });
      request.on('response', ({ statusCode }) => resolve(statusCode));
    });
  expect([await open('203.0.113.7'), await open('203.0.113.7'), await open('203.0.113.8')]).toEqual([101, 429, 101]);
  expect(first.isConnected()).toBe(true);

  const metrics = await (await fetch(`${platform.url}/metrics`)).text();
  expect(metrics).toContain('querycast_limits_reached_total{limit="connectionsPerUser"} 1');
  expect(metrics).toContain('querycast_limits_reached_total{limit="pendingPerAddress"} 1');
  expect(metrics).toContain('querycast_connections_refused_total{code="too_many_connections"} 1');
  expect(metrics).not.toContain('203.0.113');
});
