import type { Room } from '@querycast/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal, Recheck } from '../auth/authenticate.js';
import { deferred, startOneNode } from './one-node.test.support.js';

const TOKEN = '1/a/900000';

let node: Awaited<ReturnType<typeof startOneNode>>;
/** What the ports say; a test changes it. */
let own: Room[];
let mayJoin: Set<Room>;
let answer: Recheck;
let asked: Principal[];

beforeEach(async () => {
  own = ['parent:1', 'base:1'];
  mayJoin = new Set(['class:7']);
  answer = async (principal) => principal;
  asked = [];
  node = await startOneNode({
    async recheck(principal) {
      asked.push(principal);
      return answer(principal);
    },
    roomsOf: async () => own,
    authorize: async (_, room) => mayJoin.has(room),
  });
});

afterEach(() => node.close());

async function ready(token = TOKEN) {
  const client = node.connect(token);
  expect((await client.next())[0]).toBe('ready');
  // Not of interest here: who comes in.
  asked = [];
  return client;
}

/** Looks that found something, or were asked for. */
const checks = () =>
  node
    .counted('rights_checks_total')
    .map(({ cause, result }) => `${cause} ${result}`)
    .filter((check) => check !== 'sweep same');
const decided = (count: number) => expect.poll(checks).toHaveLength(count);

/** In steps between which everybody has their say. */
async function elapse(ms: number): Promise<void> {
  for (let step = 0; step < ms; step += 100) {
    node.timers.advance(100);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Everything that was sent before has arrived, this included. */
async function expectOnlyMarker(client: Awaited<ReturnType<typeof ready>>): Promise<void> {
  await node.publish('base:1', ['marker']);
  expect(await client.next()).toMatchObject(['invalidate', { room: 'base:1', keys: [['marker']] }]);
}

describe('a recheck', () => {
  it('takes rooms away that were lost, and nothing of them follows, what was being merged included', async () => {
    const client = await ready();
    await node.publish('parent:1', ['at once']);
    await node.publish('parent:1', ['secret']);
    expect(await client.next()).toMatchObject(['invalidate', { keys: [['at once']] }]);
    own = ['base:1'];
    node.gateway.recheck({ user: '1' });
    expect(await client.next()).toEqual(['left', { room: 'parent:1', code: 'forbidden' }]);
    node.timers.advance(1_000);
    await node.publish('parent:1', ['secret']);
    await expectOnlyMarker(client);
    expect(checks()).toEqual(['hint changed']);
  });

  it('joins rooms that were gained, and takes extra rooms away', async () => {
    const client = await ready();
    expect(await client.subscribe('class:7')).toMatchObject({ ok: true });
    own = ['base:1', 'parent:1', 'parent:2'];
    mayJoin.clear();
    node.gateway.recheck({ session: 'a' });
    expect(await client.next()).toEqual(['left', { room: 'class:7', code: 'forbidden' }]);
    expect(await client.next()).toMatchObject(['joined', { rooms: [{ room: 'parent:2', status: 'fresh' }] }]);
    expect(node.gateway.sessions()).toMatchObject([{ rooms: ['parent:1', 'base:1', 'parent:2'] }]);
    expect(await client.subscribe('class:7')).toMatchObject({ ok: false, code: 'forbidden' });
  });

  it('that finds nothing new is not noticed', async () => {
    const client = await ready();
    await client.subscribe('class:7');
    node.gateway.recheckHere();
    await decided(1);
    expect(checks()).toEqual(['hint same']);
    await expectOnlyMarker(client);
  });

  it.each([
    ['says why', async () => 'deactivated' as const, 'deactivated'],
    ['names somebody else', async (principal: Principal) => ({ ...principal, id: '2' }), 'forbidden'],
  ])('ends the session when the backend %s', async (_, says, code) => {
    const client = await ready();
    answer = says;
    node.gateway.recheck({ user: '1' });
    expect(await client.next()).toEqual(['evicted', { code }]);
    expect((await client.next())[0]).toBe('disconnect');
    expect(checks()).toEqual(['hint evicted']);
    expect(node.counted('sessions_evicted_total')).toEqual([{ code }]);
  });

  it('concerns nobody else', async () => {
    const clients = [await ready('1/a'), await ready('2/b'), await ready('1/c')];
    own = ['base:1'];
    node.gateway.recheck({ session: 'a' });
    expect((await clients[0]?.next())?.[0]).toBe('left');
    expect(asked).toMatchObject([{ session: 'a' }]);
    node.gateway.recheck({ user: '1' });
    await decided(3);
    expect(asked.map(({ session }) => session)).toEqual(['a', 'a', 'c']);
    node.gateway.recheckHere();
    await decided(6);
  });

  it('changes what the principal is said to be, and not the log-in or the end of its token', async () => {
    const client = await ready('1/a/100000');
    answer = async () => ({ id: '1', session: 'z', expiresAt: 900_000, claims: { role: 'tutor' } });
    node.gateway.recheck({ user: '1' });
    await decided(1);
    node.gateway.recheck({ session: 'z' });
    node.gateway.recheck({ session: 'a' });
    await decided(2);
    expect(asked).toMatchObject([
      { session: 'a', claims: { note: '' } },
      { session: 'a', expiresAt: 100_000, claims: { role: 'tutor' } },
    ]);
    node.timers.advance(50_000);
    expect(await client.next()).toEqual(['expiring', { inMs: 50_000 }]);
    node.timers.advance(50_000);
    expect((await client.next())[0]).toBe('disconnect');
  });

  it('of a session whose token has ended meanwhile lets nothing of a lost room out afterwards', async () => {
    const client = await ready('1/a/100000');
    node.timers.advance(95_000);
    expect((await client.next())[0]).toBe('expiring');
    const check = node.hold('1/b/900000');
    const renewal = client.renew('1/b/900000');
    await check.reached;
    node.timers.advance(5_000);
    await node.publish('parent:1', ['secret']);
    own = ['base:1'];
    node.gateway.recheck({ user: '1' });
    expect(await client.next()).toEqual(['left', { room: 'parent:1', code: 'forbidden' }]);
    check.letGo();
    expect(await renewal).toEqual({ ok: true });
    await expectOnlyMarker(client);
  });

  it('of a session that is not ready yet changes what it is told then', async () => {
    const read = node.hold('log of parent:1');
    const client = node.connect(TOKEN);
    await read.reached;
    own = ['base:1', 'class:1'];
    node.gateway.recheck({ user: '1' });
    expect(await client.next()).toMatchObject(['ready', { rooms: [{ room: 'base:1' }, { room: 'class:1' }] }]);
    read.letGo();
    await node.publish('parent:1', ['secret']);
    await expectOnlyMarker(client);
  });
});

describe('rights that cannot be checked', () => {
  it.each([
    ['the backend is away', async () => Promise.reject(new Error('no database'))],
    ['the backend answers nonsense', async () => 'yes' as 'forbidden'],
  ])('leave the session as it is, and are checked again, when %s', async (_, says) => {
    const client = await ready();
    own = ['base:1'];
    answer = says;
    node.gateway.recheck({ user: '1' });
    await decided(1);
    for (const [index, ms] of [500, 1_000, 2_000].entries()) {
      node.timers.advance(ms);
      await decided(index + 2);
    }
    expect(new Set(checks())).toEqual(new Set(['hint failed']));
    expect(
      node.lines.filter(({ level, message }) => level === 'warn' && message === 'rights could not be checked'),
    ).toHaveLength(1);
    await expectOnlyMarker(client);
    answer = async (principal) => principal;
    node.timers.advance(4_000);
    expect(await client.next()).toEqual(['left', { room: 'parent:1', code: 'forbidden' }]);
  });

  it('within ten seconds count as such, and what is answered later counts for nothing', async () => {
    const client = await ready();
    const late = deferred<Principal>();
    answer = () => late.promise;
    node.gateway.recheck({ user: '1' });
    await expect.poll(() => asked.length).toBe(1);
    node.timers.advance(9_999);
    await expectOnlyMarker(client);
    expect(checks()).toEqual([]);
    node.timers.advance(1);
    await decided(1);
    own = ['base:1'];
    late.resolve({ id: '2', claims: {} });
    expect(await client.unsubscribe('none:1')).toEqual({ ok: true });
    answer = async (principal) => principal;
    node.timers.advance(500);
    expect((await client.next())[0]).toBe('left');
    expect(checks()).toEqual(['hint failed', 'hint changed']);
  });

  it('let nobody join meanwhile, and keep no room that others can tell is lost', async () => {
    await node.close();
    let isAway = false;
    node = await startOneNode({
      recheck: async (principal) => principal,
      roomsOf: async () => own,
      async authorize(_, room) {
        if (isAway && room === 'class:7') throw new Error('no database');
        return mayJoin.has(room);
      },
    });
    mayJoin = new Set(['class:7', 'class:8', 'class:9']);
    const client = await ready();
    for (const room of ['class:7', 'class:8'] as const) await client.subscribe(room);
    isAway = true;
    own = ['base:1'];
    mayJoin = new Set(['class:9']);
    node.gateway.recheck({ user: '1' });
    expect(await client.next()).toEqual(['left', { room: 'parent:1', code: 'forbidden' }]);
    expect(await client.next()).toEqual(['left', { room: 'class:8', code: 'forbidden' }]);
    await decided(1);
    expect(await client.subscribe('class:9')).toMatchObject({ ok: false, code: 'rate_limited' });
    expect(await client.subscribe('base:1')).toMatchObject({ ok: true });
    isAway = false;
    node.timers.advance(500);
    expect(await client.next()).toEqual(['left', { room: 'class:7', code: 'forbidden' }]);
    expect(await client.subscribe('class:9')).toMatchObject({ ok: true });
  });

  it('keep a subscription waiting for ten seconds at most', async () => {
    const client = await ready();
    const check = node.hold('class:7');
    const joining = client.subscribe('class:7');
    await check.reached;
    node.timers.advance(10_000);
    expect(await joining).toMatchObject({ ok: false, code: 'rate_limited' });
    check.letGo();
    await expectOnlyMarker(client);
    expect(await client.subscribe('class:7')).toMatchObject({ ok: true });
  });

  it('keep a connection waiting for ten seconds at most', async () => {
    await node.close();
    const rooms = deferred<readonly Room[]>();
    const reached = deferred();
    node = await startOneNode({
      roomsOf() {
        reached.resolve();
        return rooms.promise;
      },
    });
    const client = node.connect(TOKEN);
    await reached.promise;
    node.timers.advance(10_000);
    expect((await client.next())[0]).toBe('disconnect');
    rooms.resolve(['parent:1']);
    expect(node.gateway.sessions()).toEqual([]);
  });

  it('leave nothing behind when the client is gone by the time they are known', async () => {
    await node.close();
    const rooms = deferred<readonly Room[]>();
    const reached = deferred();
    node = await startOneNode({
      recheck: answerAsIs,
      roomsOf({ id }) {
        if (id !== '1') return ['base:1'];
        reached.resolve();
        return rooms.promise;
      },
    });
    const other = await ready('2/x');
    const timers = node.timers.pending();
    const client = node.connect('1/a');
    await reached.promise;
    client.socket.disconnect();
    await expect.poll(() => node.gateway.sessions()).toHaveLength(1);
    rooms.resolve(['parent:1']);
    await expectOnlyMarker(other);
    other.socket.disconnect();
    await expect.poll(() => node.gateway.sessions()).toEqual([]);
    expect(timers).toBe(2);
    expect(node.timers.pending()).toBe(0);
  });
});

describe('rights that changed without a word', () => {
  it('are noticed within half a minute', async () => {
    const client = await ready();
    own = ['base:1'];
    await elapse(30_000);
    expect(await client.next()).toEqual(['left', { room: 'parent:1', code: 'forbidden' }]);
    expect(checks()).toEqual(['sweep changed']);
    answer = async () => 'logged_out';
    await elapse(30_000);
    expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
    expect(checks()).toEqual(['sweep changed', 'sweep evicted']);
  });

  it('outdate what a renewal read before they were noticed', async () => {
    await node.close();
    const [held, reached] = [deferred(), deferred()];
    node = await startOneNode({
      recheck: async (principal) => principal,
      async roomsOf({ session }) {
        const rooms = own;
        // Whoever asks for the new token the first time gets an answer that is old by then.
        if (session === 'b' && rooms.includes('parent:1')) {
          reached.resolve();
          await held.promise;
        }
        return rooms;
      },
    });
    // One that is swept soon: a renewal does not take as long as a sweep may.
    const client = await ready();
    const renewal = client.renew('1/b/900000');
    await reached.promise;
    own = ['base:1'];
    await elapse(200);
    expect(await client.next()).toEqual(['left', { room: 'parent:1', code: 'forbidden' }]);
    held.resolve();
    expect(await renewal).toEqual({ ok: true });
    await expectOnlyMarker(client);
    expect(checks()).toEqual(['sweep changed']);
  });
});

describe('a gateway that nobody can ask about rights', () => {
  it.each([
    ['sets no timer for it', {}, 0],
    ['sets one when somebody can recheck', { recheck: answerAsIs }, 1],
    ['sets one when somebody can authorize', { authorize: () => true }, 1],
  ])('%s', async (_, options, timers) => {
    await node.close();
    node = await startOneNode(options);
    const before = node.timers.pending();
    await ready('1/a');
    // One is the room's own.
    expect(node.timers.pending() - before).toBe(1 + timers);
  });
});

function answerAsIs(principal: Principal): Promise<Principal> {
  return Promise.resolve(principal);
}
