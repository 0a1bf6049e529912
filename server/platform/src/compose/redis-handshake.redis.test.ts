import { type Certificate, createAuthority, type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handshakeProblem } from './redis-handshake.js';

/** Part of every URL: must never be said. */
const PASSWORD = 'hunter2-hunter2';

const HANGS_UP = 'it hangs up on a connection without TLS: with TLS it is named by rediss://';
const NO_TLS = 'it does not answer to TLS: without TLS it is named by redis://';
const UNTRUSTED =
  'its certificate is not signed by an authority that is trusted here: name that with NODE_EXTRA_CA_CERTS';

let servers: Readonly<Record<'encrypted' | 'expired' | 'plain' | 'hung' | 'gone', RedisServer>>;

beforeAll(async () => {
  // This process trusts nobody who is not well known.
  const authority = createAuthority('authority of a test');
  const start = (tls?: Certificate) => startRedis(tls ? { tls } : {});
  const [encrypted, expired, plain, hung, gone] = await Promise.all([
    start(authority.issue(['localhost'])),
    start(authority.issue(['localhost'], { isExpired: true })),
    start(),
    start(),
    start(),
  ]);
  hung.pause();
  await gone.stop();
  servers = { encrypted, expired, plain, hung, gone };
});
afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));

function urlOf(server: keyof typeof servers, scheme: 'redis' | 'rediss'): string {
  return `${scheme}://default:${PASSWORD}@localhost:${servers[server].port}`;
}

test.each([
  ['a certificate that nobody here trusts', 'encrypted', 'rediss', { reason: UNTRUSTED, isFinal: true }],
  [
    'an old certificate, which the server may yet replace',
    'expired',
    'rediss',
    { reason: 'its certificate has expired', isFinal: false },
  ],
  ['no word of TLS to a server that speaks nothing else', 'encrypted', 'redis', { reason: HANGS_UP, isFinal: false }],
  ['TLS to a server that speaks none', 'plain', 'rediss', { reason: NO_TLS, isFinal: false }],
  ['a server that answers', 'plain', 'redis', undefined],
  ['a server that hangs', 'hung', 'redis', undefined],
  ['a server that is not there', 'gone', 'redis', undefined],
  ['a server with TLS that is not there', 'gone', 'rediss', undefined],
] as const)('%s', async (_name, server, scheme, problem) => {
  expect(await handshakeProblem({ url: urlOf(server, scheme) })).toEqual(problem);
});

test('what a client of a Cluster or of Sentinels cannot tell is found at each of their addresses', async () => {
  const [bad, good] = [urlOf('encrypted', 'rediss'), urlOf('plain', 'redis')];
  const problem = { reason: UNTRUSTED, isFinal: true };
  expect(await handshakeProblem({ cluster: [bad, bad] })).toEqual(problem);
  expect(await handshakeProblem({ sentinels: [bad], name: 'querycast' })).toEqual(problem);
  // One that answers is enough.
  expect(await handshakeProblem({ cluster: [bad, good] })).toBeUndefined();
});
