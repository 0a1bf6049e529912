import { comparePositions } from '@querycast/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deferred, type principalOf, startOneNode } from './one-node.test.support.js';

const OLD = '1/a/100000/parent:1';
const NEW = '1/b/900000/parent:1';

type Node = Awaited<ReturnType<typeof startOneNode>>;
let node: Node;

const roomsOf = ({ claims }: ReturnType<typeof principalOf>) =>
  String(claims['note']).split(',') as `${string}:${string}`[];

beforeEach(async () => {
  node = await startOneNode({ roomsOf, authorize: (_, room) => room.startsWith('class:') });
});

afterEach(() => node.close());

async function ready(token = OLD) {
  const client = node.connect(token);
  const [event, { rooms }] = await client.next();
  expect(event).toBe('ready');
  return { ...client, position: rooms[0]?.position };
}

/** A client whose new token is being checked since five seconds before the old one ends. */
async function renewing(token = NEW) {
  const client = await ready();
  node.timers.advance(95_000);
  expect((await client.next())[0]).toBe('expiring');
  const check = node.hold(token);
  const answer = client.renew(token);
  // Whoever closes the socket gets none.
  answer.catch(() => {});
  await check.reached;
  return { client, check, answer };
}

/** Both ends have had their say: whatever was sent before has arrived. */
async function settled(client: Awaited<ReturnType<typeof ready>>): Promise<void> {
  expect(await client.unsubscribe('none:1')).toEqual({ ok: true });
}

describe('an old token that ends while the new one is checked', () => {
  it('leaves no gap when that is good: nothing comes in between, and nothing is missing afterwards', async () => {
    const { client, check, answer } = await renewing();
    await node.publish('parent:1', ['with the old token']);
    const [, first] = await client.next();
    expect(first.keys).toEqual([['with the old token']]);

    node.timers.advance(5_000);
    for (const key of ['between', 'between, later']) {
      await node.publish('parent:1', [key]);
      node.timers.advance(100);
    }
    const heard: string[] = [];
    client.socket.onAny((event: string) => heard.push(event));
    await settled(client);
    expect(heard).toEqual([]);
    expect(node.gateway.sessions()).toMatchObject([{ user: '1' }]);

    check.letGo();
    expect(await answer).toEqual({ ok: true });
    const [event, kept] = await client.next();
    expect([event, kept.prev, kept.keys]).toEqual(['invalidate', first.position, [['between'], ['between, later']]]);
    const { position } = await node.publish('parent:1', ['with the new token']);
    expect(await client.next()).toMatchObject(['invalidate', { prev: kept.position, position }]);
    expect(node.gateway.sessions()).toMatchObject([{ login: 'b' }]);
  });

  it.each([
    ['is refused', 'bad/b/900000'],
    ['is of somebody else', '2/b/900000/parent:1'],
    ['cannot be checked', 'down/b/900000'],
  ])('ends the session when that %s, without a frame in between', async (_, token) => {
    const { client, check } = await renewing(token);
    node.timers.advance(5_000);
    await node.publish('parent:1', ['secret']);
    check.letGo();
    expect(await client.next()).toEqual(['disconnect', 'transport close']);
    expect(node.gateway.sessions()).toEqual([]);
  });

  it('ends the session ten seconds after the new one came when nobody says whether that is good', async () => {
    const { client } = await renewing();
    node.timers.advance(9_999);
    await settled(client);
    expect(node.gateway.sessions()).toMatchObject([{ login: 'a' }]);
    node.timers.advance(1);
    expect((await client.next())[0]).toBe('disconnect');
    expect(node.results()).toEqual(['failed']);
  });

  it('keeps rows back that were being read, and answers with them afterwards', async () => {
    const { client, check, answer } = await renewing();
    const read = node.hold('log of class:7');
    const joining = client.subscribe('class:7');
    let isAnswered = false;
    joining.then(() => {
      isAnswered = true;
    });
    await read.reached;
    node.timers.advance(5_000);
    read.letGo();
    await node.publish('class:7', ['secret']);
    const later = client.subscribe('class:8').then((ack) => {
      isAnswered = true;
      return ack;
    });
    // Rows that it could read come no sooner than the answer to this, which waits for nothing.
    expect(await client.subscribe('parent:1')).toMatchObject({ ok: false, code: 'rate_limited' });
    await settled(client);
    expect(isAnswered).toBe(false);
    check.letGo();
    expect(await answer).toEqual({ ok: true });
    expect(await later).toMatchObject({ ok: true, room: 'class:8' });
    const row = await joining;
    expect(row).toMatchObject({ ok: true, room: 'class:7', status: 'fresh' });
    const { position } = await node.publish('class:7', ['after']);
    let mine = row.position;
    while (mine !== position) {
      const [event, frame] = await client.next();
      expect([event, frame.prev]).toEqual(['invalidate', mine]);
      mine = frame.position;
    }
  });

  it('is not followed by a new one that ended before it was accepted', async () => {
    const { client, check, answer } = await renewing('1/b/98000/parent:1');
    node.timers.advance(3_000);
    check.letGo();
    expect(await answer).toMatchObject({ ok: false, code: 'forbidden' });
    await node.publish('parent:1', ['still here']);
    expect((await client.next())[0]).toBe('invalidate');
  });
});

describe('an eviction while a new token is checked', () => {
  it.each([
    ['the old log-in', { session: 'a' }],
    ['the new log-in', { session: 'b' }],
    ['the user', { user: '1' }],
  ])('of %s wins', async (_, target) => {
    const { client, check } = await renewing();
    node.gateway.evict(target, 'logged_out');
    check.letGo();
    expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
    expect((await client.next())[0]).toBe('disconnect');
    expect(node.gateway.sessions()).toEqual([]);
    // Neither log-in is found any more, and the name of the new one is free.
    node.timers.advance(1);
    const later = await ready('1/b/900000/parent:1');
    expect(node.gateway.sessions()).toMatchObject([{ login: 'b' }]);
    await settled(later);
  });

  it('of somebody else does nothing', async () => {
    const { check, answer } = await renewing();
    node.gateway.evict({ session: 'c' }, 'logged_out');
    node.gateway.evict({ user: '2' }, 'logged_out');
    check.letGo();
    expect(await answer).toEqual({ ok: true });
  });
});

describe('a second renewal', () => {
  it('is refused while the first is under way, and taken afterwards', async () => {
    const { client, check, answer } = await renewing();
    expect(await client.renew('1/c/800000/parent:1')).toMatchObject({ ok: false, code: 'rate_limited' });
    check.letGo();
    expect(await answer).toEqual({ ok: true });
    expect(await client.renew('1/c/800000/parent:1')).toEqual({ ok: true });
    expect(node.gateway.sessions()).toMatchObject([{ login: 'c' }]);
  });

  it('is not undone by a first one that took too long', async () => {
    const client = await ready();
    const check = node.hold(NEW);
    const answer = client.renew(NEW);
    await check.reached;
    node.timers.advance(10_000);
    expect(await answer).toMatchObject({ ok: false, code: 'rate_limited' });
    expect(await client.renew('1/c/800000/parent:1')).toEqual({ ok: true });
    check.letGo();
    await settled(client);
    expect(node.gateway.sessions()).toMatchObject([{ login: 'c' }]);
    expect(node.results()).toEqual(['failed', 'renewed']);
  });

  it('is not answered by a first one that failed too late', async () => {
    const client = await ready();
    const [first, second] = [node.hold('down/b/1'), node.hold(NEW)];
    const late = client.renew('down/b/1');
    await first.reached;
    node.timers.advance(10_000);
    expect(await late).toMatchObject({ ok: false, code: 'rate_limited' });
    const answer = client.renew(NEW);
    await second.reached;
    first.letGo();
    await settled(client);
    second.letGo();
    expect(await answer).toEqual({ ok: true });
    expect(node.results()).toEqual(['failed', 'renewed']);
  });
});

describe('a socket that closes while its new token is checked', () => {
  it('leaves nothing behind: no session, no room, no timer', async () => {
    const other = await ready('2/x//parent:2');
    const timers = node.timers.pending();
    const { client, check } = await renewing();
    client.socket.disconnect();
    await expect.poll(() => node.gateway.sessions().length).toBe(1);
    check.letGo();
    await settled(other);
    expect(node.gateway.sessions()).toMatchObject([{ user: '2' }]);
    expect(node.timers.pending()).toBe(timers);
    expect(node.results()).toEqual([]);
  });
});

describe('a room that is joined while a new token is checked', () => {
  it('is asked for with the new token as well, so that nobody keeps what it does not grant', async () => {
    const asked: string[] = [];
    await node.close();
    node = await startOneNode({
      roomsOf,
      authorize({ session }, room) {
        asked.push(`${session} ${room}`);
        return session === 'a' || room === 'class:1';
      },
    });
    const client = await ready();
    await client.subscribe('class:1');
    const check = node.hold('class:1');
    const answer = client.renew(NEW);
    await check.reached;
    expect(await client.subscribe('class:2')).toMatchObject({ ok: true });
    check.letGo();
    expect(await answer).toEqual({ ok: true });
    expect(asked).toEqual(['a class:1', 'a class:2', 'b class:1', 'b class:2']);
    expect(await client.next()).toEqual(['left', { room: 'class:2', code: 'forbidden' }]);
    await node.publish('class:2', ['secret']);
    await node.publish('class:1', ['kept']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'class:1' }]);
  });

  it('and whose right is still being asked for by then, is asked for anew', async () => {
    await node.close();
    node = await startOneNode({ roomsOf, authorize: ({ session }) => session === 'a' });
    const client = await ready();
    const right = node.hold('class:1');
    const joining = client.subscribe('class:1');
    await right.reached;
    expect(await client.renew(NEW)).toEqual({ ok: true });
    right.letGo();
    expect(await joining).toMatchObject({ ok: false, code: 'forbidden' });
    await node.publish('class:1', ['secret']);
    await node.publish('parent:1', ['marker']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'parent:1' }]);
  });
});

describe('renewals of many', () => {
  it('miss no frame and receive none twice, whenever they are decided', async () => {
    const rounds = 30;
    const client = await ready();
    let mine = client.position;
    const told: string[] = [];
    const done = deferred();
    client.socket.on('invalidate', ({ prev, position, keys }) => {
      expect([mine && comparePositions(prev, mine)]).toEqual(['same']);
      mine = position;
      told.push(...keys.map(String));
      if (told.at(-1) === 'last') done.resolve();
    });
    for (let round = 0; round < rounds; round += 1) {
      const token = `1/${round}/${node.timers.now() + 100_000}/parent:1`;
      const check = node.hold(token);
      const answer = client.renew(token);
      await check.reached;
      await node.publish('parent:1', [`${round} before`]);
      node.timers.advance(round % 3 === 0 ? 9_000 : 50);
      await node.publish('parent:1', [`${round} while`]);
      check.letGo();
      expect(await answer).toEqual({ ok: true });
      node.timers.advance(2_500);
    }
    await node.publish('parent:1', ['last']);
    await done.promise;
    expect(told).toHaveLength(2 * rounds + 1);
  });
});
