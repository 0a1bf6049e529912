import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placedNginxConf } from './nginx-conf.js';
import { type NginxServer, startNginx } from './nginx-server.js';

let gateways: readonly Server[];
let nginx: NginxServer;

beforeAll(async () => {
  gateways = [1, 2].map((number) => createServer((_request, response) => response.end(`gateway ${number}`)));
  await Promise.all(gateways.map((gateway) => once(gateway.listen(0, '127.0.0.1'), 'listening')));
  nginx = await startNginx({ upstreams: gateways.map((gateway) => (gateway.address() as AddressInfo).port) });
});
afterAll(async () => {
  await nginx.close();
  for (const gateway of gateways) gateway.closeAllConnections();
  await Promise.all(gateways.map((gateway) => new Promise((resolve) => gateway.close(resolve))));
});

test('requests reach both gateways', async () => {
  const bodies = new Set<string>();
  for (let request = 0; request < 8; request += 1) bodies.add(await (await fetch(`${nginx.url}/where`)).text());
  expect([...bodies].sort()).toEqual(['gateway 1', 'gateway 2']);
  // A request is logged after its answer has left.
  const logged = async () =>
    (await nginx.accessLog()).filter(({ path, status }) => path === '/where' && status === 200);
  await expect.poll(logged).toHaveLength(8);
});

test('a body larger than the memory for it reaches the gateway', async () => {
  const response = await fetch(`${nginx.url}/v1/invalidations`, { method: 'POST', body: 'x'.repeat(200_000) });
  expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^gateway/)]);
});

test('two run at once, and one whose gateways are away says so', async () => {
  const other = await startNginx({ upstreams: [1, 2] });
  expect((await fetch(other.url)).ok).toBe(false);
  expect((await other.errorLog()).join('\n')).toMatch(/Connection refused/);
  await other.close();
  await other.close();
  await expect(fetch(other.url)).rejects.toThrow();
});

test.each([
  ['an address that is not there', 'server gateway-1:3000;', /"listen 8080;" exactly once/],
  ['an address that is there twice', 'listen 8080; listen 8080;', /"listen 8080;" exactly once/],
  ['a gateway too many', 'listen 8080; server gateway-1:3000; server gateway-2:3000;', /"server gateway-2:3000;"/],
])('a configuration with %s is refused', (_what, conf, reason) => {
  expect(() => placedNginxConf(conf, { port: 1, upstreams: [2], folder: '/f' })).toThrow(reason);
});
