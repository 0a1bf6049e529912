import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuthenticationError, type Principal, type Recheck } from '../auth/authenticate.js';
import { deferred, startOneNode } from './one-node.test.support.js';

let node: Awaited<ReturnType<typeof startOneNode>>;
/** What the application says; a test changes it. */
let answer: Recheck;

beforeEach(async () => {
  answer = async (principal) => principal;
  node = await startOneNode({
    recheck: (principal) => answer(principal),
    roomsOf: ({ id, claims }) => (claims['role'] === 'tutor' ? [`tutor:${id}`] : [`parent:${id}`]),
    authorize: ({ claims }, room) => room === 'class:7' && claims['role'] === 'tutor',
  });
});

afterEach(() => node.close());

describe('whoever comes with a good token', () => {
  const over: Record<string, Recheck> = {
    'of a log-in that is over': async () => 'logged_out',
    'of somebody who was deactivated': async () => 'deactivated',
    'of somebody who may not go on': async () => 'forbidden',
    'of somebody who is another one now': async (principal) => ({ ...principal, id: '2' }),
  };
  it.each(Object.entries(over))('%s is refused, and may come with a newer one', async (_, says) => {
    answer = says;
    const message = 'the session of this token is over';
    expect(await node.connect('1/a').next()).toEqual(['connect_error', { code: 'token_invalid', message }]);
    expect(node.gateway.sessions()).toEqual([]);
    expect(node.counted('connections_refused_total')).toEqual([{ code: 'token_invalid' }]);
    answer = async (principal) => (principal.session === 'a' ? says(principal) : principal);
    expect((await node.connect('1/b').next())[0]).toBe('ready');
  });

  it('does not come back with it after having been evicted', async () => {
    const client = node.connect('1/a');
    expect((await client.next())[0]).toBe('ready');
    answer = async () => 'logged_out';
    node.gateway.evict({ user: '1' }, 'logged_out');
    expect((await client.next())[0]).toBe('evicted');
    expect(await node.connect('1/a').next()).toMatchObject(['connect_error', { code: 'token_invalid' }]);
  });

  it('is in the rooms of whom the application knows, not of whom the token names', async () => {
    answer = async (principal) => ({ ...principal, session: 'z', expiresAt: 1, claims: { role: 'tutor' } });
    const client = node.connect('1/a');
    expect(await client.next()).toMatchObject(['ready', { rooms: [{ room: 'tutor:1' }] }]);
    expect(await client.subscribe('class:7')).toMatchObject({ ok: true });
    expect(node.gateway.sessions()).toMatchObject([{ user: '1', login: 'a' }]);
  });

  const vain: Record<string, Recheck> = {
    rejects: async () => Promise.reject(new Error('no database')),
    'answers nonsense': async () => 'yes' as 'forbidden',
    throws() {
      throw new Error('no database');
    },
  };
  it.each(Object.entries(vain))('waits when the application %s', async (_, says) => {
    answer = says;
    const refused = { code: 'overloaded', retryAfterMs: 1_000 };
    expect(await node.connect('1/a').next()).toMatchObject(['connect_error', refused]);
    expect(node.lines.filter(({ message }) => message === 'connection refused')).toMatchObject([
      { fields: { code: 'overloaded', err: expect.any(Error) } },
    ]);
  });

  it('waits when the application is itself refused by somebody else', async () => {
    answer = async () =>
      Promise.reject(new AuthenticationError('token_invalid', 'the token of the service is not valid'));
    expect(await node.connect('1/a').next()).toMatchObject(['connect_error', { code: 'overloaded' }]);
  });

  it('is cut after ten seconds without an answer, like all who have not come in by then', async () => {
    const [reached, late] = [deferred(), deferred<Principal>()];
    answer = () => {
      reached.resolve();
      return late.promise;
    };
    const client = node.connect('1/a');
    await reached.promise;
    node.timers.advance(10_000);
    expect((await client.next())[0]).toBe('disconnect');
  });

  it('is not there when the answer comes after the client was cut', async () => {
    await node.close();
    const [reached, late] = [deferred(), deferred<Principal>()];
    node = await startOneNode({
      recheck(principal) {
        if (principal.id === '2') return Promise.resolve(principal);
        reached.resolve();
        return late.promise;
      },
      limits: { handshakeTimeoutMs: 5_000 },
    });
    const client = node.connect('1/a');
    await reached.promise;
    node.timers.advance(5_000);
    expect((await client.next())[0]).toBe('disconnect');
    late.resolve({ id: '1', claims: {} });
    // Whoever comes after that is there.
    expect((await node.connect('2/b').next())[0]).toBe('ready');
    expect(node.gateway.sessions()).toMatchObject([{ user: '2' }]);
  });
});

describe('a renewal', () => {
  it('with the token of a log-in that is over is refused, and the session goes on', async () => {
    const client = node.connect('1/a');
    await client.next();
    answer = async (principal) => (principal.session === 'b' ? 'logged_out' : principal);
    expect(await client.renew('1/b')).toMatchObject({ ok: false, code: 'forbidden' });
    expect(node.gateway.sessions()).toMatchObject([{ login: 'a' }]);
  });

  it('changes rooms to those of whom the application knows', async () => {
    const client = node.connect('1/a');
    await client.next();
    answer = async (principal) => ({ ...principal, claims: { role: 'tutor' } });
    expect(await client.renew('1/a/900000')).toEqual({ ok: true });
    expect(node.gateway.sessions()).toMatchObject([{ rooms: ['tutor:1'] }]);
  });

  it('is tried again when the application could not be asked', async () => {
    const client = node.connect('1/a');
    await client.next();
    for (const error of [new Error('no database'), new AuthenticationError('token_expired', 'of the service')]) {
      answer = async () => Promise.reject(error);
      expect(await client.renew('1/a/900000')).toMatchObject({ ok: false, code: 'rate_limited' });
    }
    expect(node.gateway.sessions()).toMatchObject([{ login: 'a' }]);
  });
});
