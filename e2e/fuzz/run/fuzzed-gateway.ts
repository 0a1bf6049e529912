import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuthenticationError, createGateway, createMemoryBroker } from '@querycast/server';
import { expect } from 'vitest';
import { rawClient } from './raw-client.js';

/** The token that opens the gateway. */
export const TOKEN = 'good';

/** One address and one person are all that come: what they may do at once is no matter of these tests. */
const LIMITS = {
  handshakesPerAddress: 1_000_000,
  pendingPerAddress: 1_000_000,
  connectionsPerAddress: 1_000_000,
  connectionsPerUser: 1_000_000,
  messagesPerSocket: 1_000_000,
  subscribesPerSocket: 1_000_000,
};

/** A gateway on a real socket; rooms whose kind is `open` are open to all, all others to nobody. */
export async function startFuzzedGateway() {
  const http = createServer();
  const broker = createMemoryBroker();
  /** What a person in charge would be called for. */
  const errors: string[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (_: object, message: string) => void errors.push(message) };
  const gateway = createGateway({
    ...{ limits: LIMITS },
    broker,
    logger,
    async authenticate(token) {
      if (token !== TOKEN) throw new AuthenticationError('token_invalid', 'the token is not valid');
      return { id: 'user', session: 'session', claims: {} };
    },
    roomsOf: () => ['parent:1'],
    authorize: (_, room) => room.startsWith('open:'),
  }).attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  /** A client that is in; its `ready` has been read. */
  async function connected() {
    const client = await rawClient(url);
    client.send(`40${JSON.stringify({ token: TOKEN, protocol: 1 })}`);
    expect(await client.until('42["ready"')).toBeDefined();
    return client;
  }

  return {
    url,
    gateway,
    broker,
    errors,
    connected,
    /** Whether somebody who comes anew is served as if nothing had happened. */
    async expectGoodService() {
      const client = await connected();
      client.send('4212["subscribe",{"room":"open:1"}]');
      expect(await client.until('4312[')).toContain('"ok":true');
      await broker.append({ room: 'parent:1', keys: [['good']] });
      expect(await client.until('42["invalidate"')).toContain('[["good"]]');
      client.close();
      expect(errors).toEqual([]);
    },
    async close() {
      await gateway.close();
      await broker.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
