import type { Room } from '@querycast/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveClient, type LiveClientOptions } from '../client/live-client.js';
import type { LiveEvent } from '../client/live-event.js';
import { createMemoryTransport, type MemoryTransportOptions } from './memory-transport.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

function setUp(options: MemoryTransportOptions = {}, more: Partial<LiveClientOptions> = {}) {
  const live = createMemoryTransport(options);
  const events: LiveEvent[] = [];
  const client = createLiveClient({ transport: live, getToken: () => 'token', random: () => 0, ...more });
  client.onEvent((event) => events.push(event));
  return { live, client, events };
}

describe('createMemoryTransport', () => {
  it('lets clients in by itself, each into the rooms given', async () => {
    const { live, client, events } = setUp({ rooms: ['shop:7', 'user:1'] });
    expect(live.rooms).toEqual([]);
    client.start();
    await settle();
    expect(client.status().state).toBe('live');
    expect(live.rooms).toEqual(['shop:7', 'user:1']);
    expect(events).toMatchObject([
      { type: 'row', room: 'shop:7', status: 'fresh' },
      { type: 'row', room: 'user:1', status: 'fresh' },
    ]);
    client.close();
    expect(live.rooms).toEqual([]);
  });

  it('needs no timer and no server: real time does as well', async () => {
    vi.useRealTimers();
    const { client } = setUp();
    const isLive = new Promise<void>((resolve) => {
      client.onStatus(({ state }) => state === 'live' && resolve());
    });
    client.start();
    await isLive;
    client.close();
  });

  it('announces to the room that is named, or to the first, before the call returns', async () => {
    const { live, client, events } = setUp({ rooms: ['shop:7', 'user:1'] });
    client.start();
    await settle();
    events.splice(0);
    live.invalidate(['orders', 7], { spreadMs: 500 });
    live.invalidate(['profile'], { room: 'user:1' });
    expect(events).toMatchObject([
      { type: 'frame', room: 'shop:7', keys: [['orders', 7]], spreadMs: 500 },
      { type: 'frame', room: 'user:1', keys: [['profile']] },
    ]);
  });

  it('cuts the connection, which comes back by itself and with exactly what was missed', async () => {
    const { live, client, events } = setUp();
    client.start();
    await settle();
    live.invalidate(['before']);
    events.splice(0);
    live.cut();
    expect(client.status().state).toBe('offline');
    live.invalidate(['orders']);
    live.invalidate(['orders']);
    await settle();
    expect(events).toMatchObject([{ type: 'row', status: 'recovered', keys: [['orders']] }]);
    expect(client.status()).toMatchObject({ state: 'live', caughtUp: { keys: 1, resync: false } });
  });

  it('is out of reach until told otherwise, and asks for no token meanwhile', async () => {
    const { live, client } = setUp();
    live.setReachable(false);
    client.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(client.status().state).toBe('polling');
    expect(live.tokens).toEqual([]);
    live.setReachable(true);
    client.hurry();
    await settle();
    expect(client.status().state).toBe('live');
    live.setReachable(false);
    expect(client.status().state).toBe('offline');
  });

  it('refuses one connection', async () => {
    const { live, client } = setUp({}, { getToken: ({ expired }) => (expired ? 'newer' : 'old') });
    live.refuse('token_expired');
    client.start();
    await settle();
    expect(live.tokens).toEqual(['old', 'newer']);
    expect(client.status().state).toBe('live');
    live.refuse('forbidden');
    live.cut();
    await settle();
    expect(client.status()).toMatchObject({ state: 'refused', code: 'forbidden' });
  });

  it('says that tokens are about to expire, and takes the newer ones', async () => {
    const { live, client } = setUp({}, { getToken: ({ expired }) => (expired ? 'newer' : 'old') });
    client.start();
    await settle();
    live.expire();
    await settle();
    expect(live.tokens).toEqual(['old', 'newer']);
    expect(client.status()).toEqual({ state: 'live' });
  });

  it('tells of a lost sequence, at once or on return', async () => {
    const { live, client, events } = setUp();
    client.start();
    await settle();
    live.resync();
    expect(events.at(-1)).toMatchObject({ type: 'resync', room: 'user:1' });
    live.cut();
    live.resync();
    await settle();
    expect(events.at(-1)).toMatchObject({ type: 'row', status: 'resync' });
  });

  it('evicts, loses its broker, and tells later what was announced meanwhile', async () => {
    const { live, client, events } = setUp();
    client.start();
    await settle();
    events.splice(0);
    live.setLive(false);
    live.invalidate(['orders']);
    expect(client.status().state).toBe('offline');
    expect(events).toEqual([]);
    live.setLive(true);
    expect(client.status().state).toBe('live');
    expect(events).toMatchObject([{ type: 'frame', keys: [['orders']] }]);
    live.evict();
    expect(client.status()).toMatchObject({ state: 'refused', code: 'logged_out', isSessionOver: true });
    expect(live.rooms).toEqual([]);
  });

  it('gives further rooms, or refuses them', async () => {
    let isOpen = false;
    const { live, client } = setUp(
      { mayJoin: () => isOpen },
      { getToken: ({ expired }) => (expired ? 'newer' : 'token') },
    );
    client.start();
    await settle();
    const leave = client.joinRoom('class:7b');
    await settle();
    expect(client.status().refusedRooms).toEqual({ 'class:7b': 'forbidden' });
    leave();
    isOpen = true;
    const leaveAgain = client.joinRoom('class:7b');
    await settle();
    expect(live.rooms).toEqual(['user:1', 'class:7b']);
    leaveAgain();
    expect(live.rooms).toEqual(['user:1']);
    client.joinRoom('class:7b');
    await settle();
    isOpen = false;
    live.expire();
    await settle();
    expect(live.rooms).toEqual(['user:1']);
    expect(client.status().refusedRooms).toEqual({ 'class:7b': 'forbidden' });
  });

  it('says where its rooms are, as a response would', async () => {
    const { live, client } = setUp({ rooms: ['shop:7'] });
    client.joinRoom('class:7b');
    client.start();
    await settle();
    live.invalidate(['orders']);
    expect(live.header()).toMatch(/^shop:7=[\w-]+:1, class:7b=[\w-]+:0$/);
  });

  it('forgets who gave up before there was a token', async () => {
    let give = (_token: string) => {};
    const { live, client } = setUp({}, { getToken: () => new Promise((resolve) => (give = resolve)) });
    client.start();
    await settle();
    client.close();
    give('late');
    await settle();
    expect(live.rooms).toEqual([]);
    expect(live.tokens).toEqual([]);
  });

  it.each([[[]], [['orders', new Date(0)]], [[7]]])('takes no query key that a gateway would not: %j', (key) => {
    expect(() => createMemoryTransport().invalidate(key)).toThrow(TypeError);
  });

  it('takes no room that a gateway would not', () => {
    const room = 'Shop:7' satisfies Room;
    expect(() => createMemoryTransport({ rooms: [room] })).toThrow('a room must look like');
    expect(() => createMemoryTransport().invalidate(['orders'], { room })).toThrow('a room must look like');
    expect(() => createMemoryTransport({ rooms: [] }).invalidate(['orders'])).toThrow('name a room');
  });
});
