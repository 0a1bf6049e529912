import { Cluster, Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { redisCommands, redisSubscriber } from './connect.js';

const opened: (Redis | Cluster)[] = [];
afterEach(() => {
  for (const client of opened.splice(0)) client.disconnect();
});

/** Nothing listens there. */
const at = (scheme: 'redis' | 'rediss') => `${scheme}://user:secret@localhost:1`;

test.each([redisCommands, redisSubscriber])('%o speaks TLS to every node of a Cluster, by its name', (connect) => {
  const client = connect({ cluster: [at('rediss'), at('rediss')] });
  opened.push(client);
  if (!(client instanceof Cluster)) throw new TypeError('a client of a Cluster was expected');
  expect(client.options.redisOptions).toMatchObject({ tls: {}, username: 'user', password: 'secret' });
  // An address would be compared with a certificate that has names only.
  const looked = new Promise((resolve) =>
    client.options.dnsLookup?.('node-a.internal', (_, address) => resolve(address)),
  );
  return expect(looked).resolves.toBe('node-a.internal');
});

test.each([redisCommands, redisSubscriber])(
  '%o speaks TLS to Sentinels and to the master that they name',
  (connect) => {
    const client = connect({ sentinels: [at('rediss')], name: 'querycast' });
    opened.push(client);
    if (!(client instanceof Redis)) throw new TypeError('a client of one server was expected');
    expect(client.options).toMatchObject({
      tls: {},
      enableTLSForSentinelMode: true,
      sentinelTLS: {},
      sentinelUsername: 'user',
      sentinelPassword: 'secret',
      username: 'user',
      password: 'secret',
    });
  },
);

test.each([
  ['one server', { url: at('redis') }],
  ['a Cluster', { cluster: [at('redis')] }],
  ['Sentinels', { sentinels: [at('redis')], name: 'querycast' }],
])('without rediss:// nothing speaks TLS: %s', (_name, target) => {
  const client = redisCommands(target);
  opened.push(client);
  const { tls, sentinelTLS } =
    client instanceof Redis ? client.options : { ...client.options.redisOptions, sentinelTLS: undefined };
  expect([tls, sentinelTLS].filter((option) => option !== undefined && option !== null)).toEqual([]);
});
