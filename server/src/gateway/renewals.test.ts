import { afterEach, describe, expect, it } from 'vitest';
import { BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { type principalOf, startOneNode } from './one-node.test.support.js';

type Node = Awaited<ReturnType<typeof startOneNode>>;
let node: Node;

async function start(options?: Parameters<typeof startOneNode>[0]): Promise<void> {
  node = await startOneNode(options);
}

async function ready(token: string) {
  const client = node.connect(token);
  expect((await client.next())[0]).toBe('ready');
  return client;
}

afterEach(() => node.close());

describe('a token that ends', () => {
  it.each([
    ['a minute before, when it lives for long', 900_000, 840_000, 60_000],
    ['after half of its time, when it is short', 90_000, 45_000, 45_000],
    ['after half of its time, when it is very short', 100, 50, 50],
  ])('is announced %s', async (_, end, at, inMs) => {
    await start();
    const client = await ready(`1/a/${end}`);
    node.timers.advance(at - 1);
    await node.publish('parent:1', ['before']);
    expect(await client.next()).toMatchObject(['invalidate', { keys: [['before']] }]);
    node.timers.advance(1);
    expect(await client.next()).toEqual(['expiring', { inMs }]);
    node.timers.advance(inMs);
    expect(await client.next()).toEqual(['disconnect', 'transport close']);
    expect(node.gateway.sessions()).toEqual([]);
  });

  it('is not announced before ready, which comes first', async () => {
    await start();
    const read = node.hold('log of parent:1');
    const client = node.connect('1/a/1000');
    await read.reached;
    node.timers.advance(600);
    read.letGo();
    expect((await client.next())[0]).toBe('ready');
    expect(await client.next()).toEqual(['expiring', { inMs: 400 }]);
  });
});

describe('a renewal', () => {
  it('lets the session live until the new token ends, which is announced as well', async () => {
    await start();
    const client = await ready('1/a/100000');
    node.timers.advance(50_000);
    expect((await client.next())[0]).toBe('expiring');
    expect(await client.renew('1/a/200000')).toEqual({ ok: true });
    node.timers.advance(60_000);
    await node.publish('parent:1', ['past the old end']);
    expect(await client.next()).toMatchObject(['invalidate', { keys: [['past the old end']] }]);
    node.timers.advance(30_000);
    expect(await client.next()).toEqual(['expiring', { inMs: 60_000 }]);
    node.timers.advance(60_000);
    expect((await client.next())[0]).toBe('disconnect');
    expect(node.results()).toEqual(['renewed']);
  });

  it.each([
    ['of somebody else', '2/a/200000', 'forbidden', 'refused'],
    ['that is not valid', 'bad/a/200000', 'forbidden', 'refused'],
    ['that has ended', '1/a/10', 'forbidden', 'refused'],
    ['that nobody can check now', 'down/a/200000', 'rate_limited', 'failed'],
  ])(
    'with a token %s is refused and changes nothing: the session ends with the old one',
    async (_, token, code, result) => {
      await start();
      const client = await ready('1/a/100000');
      node.timers.advance(20);
      expect(await client.renew(token)).toMatchObject({ ok: false, code });
      expect(node.results()).toEqual([result]);
      await node.publish('parent:1', ['still here']);
      expect(await client.next()).toMatchObject(['invalidate', { keys: [['still here']] }]);
      expect(node.gateway.sessions()).toMatchObject([{ user: '1', login: 'a' }]);
      expect(JSON.stringify(node.lines)).not.toContain(token);
      node.timers.advance(49_980);
      expect((await client.next())[0]).toBe('expiring');
      node.timers.advance(50_000);
      expect((await client.next())[0]).toBe('disconnect');
    },
  );

  it('that failed can be tried again at once', async () => {
    await start();
    const client = await ready('1/a/100000');
    await client.renew('down/a/1');
    expect(await client.renew('1/a/200000')).toEqual({ ok: true });
  });

  it('with a token that ends sooner shortens the session, and lengthens nothing', async () => {
    await start();
    const client = await ready('1/a/100000');
    expect(await client.renew('1/a/40000')).toEqual({ ok: true });
    node.timers.advance(20_000);
    expect(await client.next()).toEqual(['expiring', { inMs: 20_000 }]);
    node.timers.advance(20_000);
    expect((await client.next())[0]).toBe('disconnect');
  });

  it('with the token it has is not announced again, which would bring that once more', async () => {
    await start();
    const client = await ready('1/a/100000');
    node.timers.advance(50_000);
    expect((await client.next())[0]).toBe('expiring');
    expect(await client.renew('1/a/100000')).toEqual({ ok: true });
    node.timers.advance(49_999);
    await node.publish('parent:1', ['still here']);
    expect(await client.next()).toMatchObject(['invalidate', { keys: [['still here']] }]);
    node.timers.advance(1);
    expect((await client.next())[0]).toBe('disconnect');
  });

  it.each([[undefined], [''], [7], [{}]])('with %j for a token breaks a rule', async (token) => {
    await start();
    const client = await ready('1/a/100000');
    expect(await client.renew(token)).toMatchObject({ ok: false, code: 'bad_request' });
  });

  it('is counted: five in ten seconds, and no more until these have passed', async () => {
    await start();
    const client = await ready('1/a/100000');
    for (let index = 0; index < 5; index += 1) expect(await client.renew('1/a/100000')).toEqual({ ok: true });
    expect(await client.renew('1/a/100000')).toMatchObject({ ok: false, code: 'rate_limited' });
    expect(node.results()).toHaveLength(5);
    node.timers.advance(10_000);
    expect(await client.renew('1/a/100000')).toEqual({ ok: true });
  });

  it('of another log-in changes which evictions find the session', async () => {
    await start();
    const client = await ready('1/a/100000');
    expect(await client.renew('1/b/200000')).toEqual({ ok: true });
    expect(node.gateway.evict({ session: 'a' }, 'logged_out')).toBe(0);
    expect(node.gateway.sessions()).toMatchObject([{ login: 'b' }]);
    expect(node.gateway.evict({ session: 'b' }, 'logged_out')).toBe(1);
    expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
  });
});

describe('the rooms of a renewed session', () => {
  const roomsByNote = {
    roomsOf: ({ claims }: ReturnType<typeof principalOf>) =>
      String(claims['note']).split(',') as `${string}:${string}`[],
    authorize: ({ id }: ReturnType<typeof principalOf>, room: string) => room === allowed && id === '1',
  };
  let allowed = 'class:7';

  it('are those of the new token: what was gained is joined, of what was lost no frame comes any more', async () => {
    await start(roomsByNote);
    const client = await ready('1/a/100000/parent:1,group:1');
    expect(await client.renew('1/a/200000/parent:1,group:2')).toEqual({ ok: true });
    // What is left comes before the answer, so that a client never takes a right for its own that it lost.
    expect(await client.next()).toEqual(['left', { room: 'group:1', code: 'forbidden' }]);
    expect(await client.next()).toMatchObject(['joined', { rooms: [{ room: 'group:2', status: 'fresh' }] }]);
    await node.publish('group:1', ['secret']);
    await node.publish('parent:1', ['kept']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'parent:1', keys: [['kept']] }]);
    await node.publish('group:2', ['gained']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'group:2', keys: [['gained']] }]);
    expect(node.gateway.sessions()[0]?.rooms).toEqual(['parent:1', 'group:2']);
    expect(await client.subscribe('group:1')).toMatchObject({ ok: false, code: 'forbidden' });
  });

  it('that were subscribed are asked for again', async () => {
    await start(roomsByNote);
    const client = await ready('1/a/100000/parent:1');
    expect(await client.subscribe('class:7')).toMatchObject({ ok: true });
    expect(await client.renew('1/a/200000/parent:1')).toEqual({ ok: true });
    await node.publish('class:7', ['kept']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'class:7' }]);
    allowed = 'none';
    expect(await client.renew('1/a/300000/parent:1')).toEqual({ ok: true });
    allowed = 'class:7';
    expect(await client.next()).toEqual(['left', { room: 'class:7', code: 'forbidden' }]);
    await node.publish('class:7', ['secret']);
    await node.publish('parent:1', ['marker']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'parent:1' }]);
  });

  it.each(['rooms', 'rights'])('stay as they are when %s cannot be looked up', async (what) => {
    let isDown = false;
    const orFail = <T>(kind: string, answer: T) =>
      isDown && kind === what ? Promise.reject(new Error('down')) : answer;
    await start({
      roomsOf: (principal) => orFail('rooms', roomsByNote.roomsOf(principal)),
      authorize: () => orFail('rights', true),
    });
    const client = await ready('1/a/100000/parent:1');
    await client.subscribe('class:7');
    isDown = true;
    expect(await client.renew('1/a/200000/parent:1')).toMatchObject({ ok: false, code: 'rate_limited' });
    await node.publish('class:7', ['kept']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'class:7' }]);
    isDown = false;
    expect(await client.renew('1/a/200000/parent:1')).toEqual({ ok: true });
  });

  it('follow as joined when the broker is away meanwhile, and those kept stay', async () => {
    const real = createMemoryBroker();
    let isAway = false;
    const listeners = new Set<(live: boolean) => void>();
    const whenHere = <T>(act: () => Promise<T>) => (isAway ? Promise.reject(new BrokerUnavailableError()) : act());
    const turn = (away: boolean) => {
      isAway = away;
      for (const listen of listeners) listen(!away);
    };
    await start({
      ...roomsByNote,
      broker: {
        append: (append) => whenHere(() => real.append(append)),
        read: (room, since) => whenHere(() => real.read(room, since)),
        subscribe: (room, deliver) => whenHere(() => real.subscribe(room, deliver)),
        onLive(listen) {
          listeners.add(listen);
          listen(!isAway);
          return () => listeners.delete(listen);
        },
        close: () => real.close(),
      },
    });
    const client = await ready('1/a/100000/parent:1');
    turn(true);
    expect(await client.next()).toEqual(['status', { live: false }]);
    expect(await client.renew('1/a/200000/parent:1,group:2')).toEqual({ ok: true });
    turn(false);
    expect(await client.next()).toEqual(['status', { live: true }]);
    expect(await client.next()).toMatchObject(['joined', { rooms: [{ room: 'group:2' }] }]);
    await node.publish('parent:1', ['marker']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'parent:1' }]);
  });
});
