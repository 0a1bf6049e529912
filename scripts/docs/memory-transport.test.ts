import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Position, QueryKey, Room } from '@querycast/protocol';
import { type ConnectAuth, type LiveTransport, socketIoTransport } from '@querycast/react';
import { createMemoryTransport } from '@querycast/react/testing';
import { AuthenticationError, type Broker, createGateway, createMemoryBroker } from '@querycast/server';
import { afterEach, describe, expect, it } from 'vitest';

/** What both gateways can be made to do. */
interface Gateway {
  readonly transport: LiveTransport;
  publish(room: Room, key: QueryKey): Promise<void>;
  setLive(isLive: boolean): void;
  /** The broker comes back without its logs. */
  returnWithNothing(): void;
  /** From now on nobody may be in a room. */
  closeRoom(room: Room): void;
  evict(): void;
  refuseExpired(): void;
  close(): Promise<void>;
}

const OWN: readonly Room[] = ['shop:7', 'user:1'];

/** Who may join which room: the classes, but for those that were closed since. */
function createRights() {
  const closed = new Set<Room>();
  return {
    mayJoin: (room: Room) => room.startsWith('class:') && !closed.has(room),
    closeRoom: (room: Room) => void closed.add(room),
  };
}

function memoryGateway(): Gateway {
  const { mayJoin, closeRoom } = createRights();
  const live = createMemoryTransport({ rooms: OWN, mayJoin });
  return {
    transport: live,
    closeRoom,
    publish: async (room, key) => live.invalidate(key, { room }),
    setLive: live.setLive,
    returnWithNothing: () => {
      for (const room of OWN) live.resync({ room });
      live.setLive(true);
    },
    evict: () => live.evict('deactivated'),
    refuseExpired: () => live.refuse('token_expired'),
    close: async () => {},
  };
}

async function realGateway(): Promise<Gateway> {
  const http = createServer();
  const { broker, ...world } = breakableBroker();
  const { mayJoin, closeRoom } = createRights();
  let isExpired = false;
  const gateway = createGateway({
    broker,
    authenticate: async () => {
      if (isExpired) {
        isExpired = false;
        throw new AuthenticationError('token_expired', 'the token has expired');
      }
      return { id: '1', claims: {} };
    },
    roomsOf: () => OWN,
    authorize: (_principal, room) => mayJoin(room),
    resyncSpreadMs: 0,
  }).attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    ...world,
    closeRoom,
    transport: socketIoTransport({ url: `http://127.0.0.1:${port}` }),
    evict: () => void gateway.evict({ user: '1' }, 'deactivated'),
    refuseExpired: () => {
      isExpired = true;
    },
    close: async () => {
      await gateway.close();
      await new Promise<unknown>((resolve) => http.close(resolve));
    },
  };
}

/** The broker of the library, with a link that can be cut and a server that can lose everything. */
function breakableBroker() {
  let inner = createMemoryBroker();
  let isLive = true;
  const listeners = new Set<(live: boolean) => void>();
  const subscriptions = new Set<readonly [Room, Parameters<Broker['subscribe']>[1]]>();
  const ifLive = <T>(act: () => Promise<T>) => (isLive ? act() : Promise.reject(new Error('away')));
  const carry = ([room, deliver]: readonly [Room, Parameters<Broker['subscribe']>[1]]) =>
    inner.subscribe(room, (envelope) => {
      if (isLive) deliver(envelope);
    });
  const broker: Broker = {
    append: (append) => ifLive(() => inner.append(append)),
    read: (room, since) => ifLive(() => inner.read(room, since)),
    subscribe: (room, deliver) => {
      const subscription = [room, deliver] as const;
      subscriptions.add(subscription);
      return carry(subscription);
    },
    onLive: (listen) => {
      listeners.add(listen);
      listen(isLive);
      return () => {};
    },
    close: () => inner.close(),
  };
  const setLive = (live: boolean) => {
    isLive = live;
    for (const listen of listeners) listen(live);
  };
  return {
    broker,
    setLive,
    publish: async (room: Room, key: QueryKey) => void (await inner.append({ room, keys: [key] })),
    returnWithNothing: () => {
      inner = createMemoryBroker();
      for (const subscription of subscriptions) void carry(subscription);
      setLive(true);
    },
  };
}

/** What happens at the client's end, in order; waited for, never slept for. */
function createJournal() {
  const lines: unknown[] = [];
  let taken = 0;
  let wake = () => {};
  return {
    lines,
    write: (line: unknown) => {
      lines.push(line);
      wake();
    },
    next: async (): Promise<Record<string, unknown>> => {
      while (lines.length === taken) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      taken += 1;
      return lines[taken - 1] as Record<string, unknown>;
    },
  };
}

/** Plays one script on a gateway; answers all that its client saw, with the names of epochs made comparable. */
async function play(gateway: Gateway): Promise<unknown[]> {
  const journal = createJournal();
  const { next } = journal;
  const connect = (positions: Record<Room, Position>) => {
    const auth: ConnectAuth = { token: 'token', protocol: 1, positions };
    return gateway.transport.connect({
      auth: async () => auth,
      onOpen: () => {},
      onMessage: (event, payload) => journal.write({ event, ...(payload as object) }),
      onProblem: ({ code }) => journal.write({ problem: code }),
      onClose: () => journal.write({ closed: true }),
    });
  };
  type Event = Parameters<ReturnType<typeof connect>['request']>[0];
  const ask = async (connection: ReturnType<typeof connect>, event: Event, payload: object) => {
    journal.write({ asked: event, answer: comparable(await connection.request(event, payload)) });
    return next();
  };

  let connection = connect({});
  const ready = await next();
  const [shop, user] = (ready['rooms'] as { position: Position }[]).map(({ position }) => position);
  if (!shop || !user) throw new Error('a row is missing');
  for (const key of [['orders'], ['orders', 7], ['orders', { page: 1, of: 'Tea' }]] as const) {
    await gateway.publish('shop:7', key);
    await next();
  }

  // What is missed while away: distinct keys once, in the order of their newest change.
  connection.close();
  for (const key of [['orders'], ['stock'], ['orders', { of: 'Tea', page: 1 }], ['orders']] as const) {
    await gateway.publish('shop:7', key);
  }
  connection = connect({ 'shop:7': shop, 'user:1': user, 'class:7b': shop });
  await next();
  connection.close();
  const elsewhere: Position = 'elsewhere:3';
  connection = connect({ 'shop:7': elsewhere, 'user:1': `${user.split(':')[0]}:99` as Position });
  await next();

  // Extra rooms.
  await gateway.publish('class:7b', ['timetable']);
  await ask(connection, 'subscribe', { room: 'class:7b' });
  await gateway.publish('class:7b', ['timetable', 1]);
  const { position } = (await next()) as { position: Position };
  await ask(connection, 'subscribe', { room: 'class:7b', position });
  await ask(connection, 'subscribe', { room: 'class:7b', position: elsewhere });
  await ask(connection, 'subscribe', { room: 'shop:7', position: shop });
  await ask(connection, 'subscribe', { room: 'staff:1' });
  await ask(connection, 'subscribe', { room: 'No room' });
  await ask(connection, 'subscribe', { room: 'class:7b', position: 'none' });
  await ask(connection, 'unsubscribe', { room: 'shop:7' });
  await ask(connection, 'unsubscribe', { room: 'class:7b' });
  await ask(connection, 'unsubscribe', { room: 'class:7b' });
  await ask(connection, 'unsubscribe', {});
  await gateway.publish('class:7b', ['nobody hears this']);
  for (let n = 0; n < 64; n += 1) await ask(connection, 'subscribe', { room: `class:${n}` });
  await ask(connection, 'subscribe', { room: 'class:64' });

  // A newer token, and rights that are fewer by then. The question whether a gateway is still there is one like any other.
  await ask(connection, 'unsubscribe', { room: 'querycast:probe' });
  await ask(connection, 'renew', { token: 'newer' });
  await ask(connection, 'renew', { token: '' });
  await ask(connection, 'renew', {});
  gateway.closeRoom('class:7');
  await ask(connection, 'renew', { token: 'newest' });
  await next();
  await gateway.publish('class:7', ['nobody hears this']);

  // The broker goes away and comes back, with and without what it held.
  gateway.setLive(false);
  await next();
  await gateway.publish('shop:7', ['orders']);
  await gateway.publish('shop:7', ['stock']);
  await ask(connection, 'subscribe', { room: 'class:0' });
  gateway.setLive(true);
  await next();
  await next();
  gateway.setLive(false);
  await next();
  connection.close();
  connection = connect({ 'shop:7': shop });
  await next();
  gateway.returnWithNothing();
  await next();
  await next();
  await next();
  gateway.setLive(false);
  await next();
  gateway.returnWithNothing();
  await next();
  await next();
  await next();

  // More keys than a log remembers.
  connection.close();
  connection = connect({});
  const { rooms } = (await next()) as { rooms: { room: Room; position: Position }[] };
  connection.close();
  for (let n = 0; n < 257; n += 1) await gateway.publish('shop:7', ['orders', n]);
  connection = connect(Object.fromEntries(rooms.map((row) => [row.room, row.position])));
  await next();

  gateway.evict();
  await next();
  await next();
  gateway.refuseExpired();
  connect({});
  await next();
  connection = connect({});
  await next();
  connection.close();
  return comparable(journal.lines) as unknown[];
}

/** Names of epochs by their first appearance, and none of what differs from one gateway to the next. */
function comparable(lines: unknown): unknown {
  const epochs = new Map<string, string>();
  return JSON.parse(JSON.stringify(lines), (name, value) => {
    if (name === 'session' || name === 'node' || name === 'at' || name === 'message') return `some ${name}`;
    if (typeof value !== 'string' || (name !== 'position' && name !== 'prev')) return value;
    const [epoch = '', offset] = value.split(':');
    if (!epochs.has(epoch)) epochs.set(epoch, `epoch ${epochs.size}`);
    return `${epochs.get(epoch)}:${offset}`;
  });
}

describe('the gateway in memory', () => {
  const gateways: Gateway[] = [];
  afterEach(() => Promise.all(gateways.splice(0).map((gateway) => gateway.close())));

  it('says the same as a real one, message by message', async () => {
    gateways.push(memoryGateway(), await realGateway());
    const [inMemory, real] = await Promise.all(gateways.map(play));
    expect(inMemory).toEqual(real);
  });
});
