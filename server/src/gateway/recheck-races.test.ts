import type { EvictedCode, Room } from '@querycast/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../auth/authenticate.js';
import { deferred, principalOf, startOneNode } from './one-node.test.support.js';

const OLD = '1/a//';
const NEW = '1/b//';

/** What the database says: by each of these the rights of a session can be lost. */
interface World {
  /** Of the person; read by whoever says who somebody is. Opens `role:1`, and the door of `club:7`. */
  hasRole: boolean;
  /** Opens `parent:1`. */
  isParent: boolean;
  /** Opens the door of `class:7`. */
  isInClass: boolean;
  /** Whether there is a hint while a token is being checked, so that all has to be read again. */
  isHinting: boolean;
  /** Log-ins that are over. */
  readonly over: Map<string, EvictedCode>;
}

type Port = 'authenticate' | 'recheck' | 'roomsOf' | 'authorize';
type Step = `${Port} ${'before' | 'after'}${'' | ', again'}`;

let node: Awaited<ReturnType<typeof startOneNode>>;
let world: World;
let gate: { step: Step; reached: () => void; open: Promise<void> } | undefined;
/** What has been reached since the gate was set. */
let passed: Set<string>;

/** The next time this step is reached, or once again, and only then, it waits. */
function hold(step: Step) {
  const [reached, open] = [deferred(), deferred()];
  passed = new Set();
  gate = { step, reached: reached.resolve, open: open.promise };
  return { reached: reached.promise, letGo: open.resolve };
}

async function pass(step: `${Port} ${'before' | 'after'}`): Promise<void> {
  const isAgain = passed.has(step);
  passed.add(step);
  if (gate?.step !== (isAgain ? `${step}, again` : step)) return;
  const { reached, open } = gate;
  gate = undefined;
  reached();
  await open;
}

/** A port that reads the database at one moment, between two at which it can be held. */
async function ask<T>(port: Port, read: () => T): Promise<T> {
  await pass(`${port} before`);
  const answer = read();
  await pass(`${port} after`);
  return answer;
}

const known = (principal: Principal): Principal => ({ ...principal, claims: { hasRole: world.hasRole } });

beforeEach(async () => {
  world = { hasRole: true, isParent: true, isInClass: true, isHinting: false, over: new Map() };
  gate = undefined;
  passed = new Set();
  node = await startOneNode({
    authenticate: (token) =>
      ask('authenticate', () => {
        const principal = known(principalOf(token));
        if (world.isHinting) node.gateway.recheck({ session: principal.session ?? '' });
        return principal;
      }),
    recheck: (principal) => ask('recheck', () => world.over.get(principal.session ?? '') ?? known(principal)),
    roomsOf: ({ claims }) =>
      ask('roomsOf', () => {
        const rooms: Room[] = ['base:1'];
        if (claims['hasRole']) rooms.push('role:1');
        if (world.isParent) rooms.push('parent:1');
        return rooms;
      }),
    authorize: ({ claims }, room) =>
      ask('authorize', () => (room === 'club:7' ? claims['hasRole'] === true : world.isInClass)),
  });
});

afterEach(() => node.close());

type Client = ReturnType<typeof node.connect> & { log: [string, unknown][] };

function connect(): Client {
  const client = node.connect(OLD);
  const log: [string, unknown][] = [];
  client.socket.onAny((event: string, message: unknown) => log.push([event, message]));
  return { ...client, log };
}

async function inRooms(): Promise<Client> {
  const client = connect();
  expect((await client.next())[0]).toBe('ready');
  for (const room of ['class:7', 'club:7'] as const) expect(await client.subscribe(room)).toMatchObject({ ok: true });
  return client;
}

/** What is under way while rights are lost; `answer`: what the client hears of it. */
interface Action {
  readonly client: Client;
  readonly answer?: Promise<{ ok: boolean; code?: string }>;
}

/** Prepared, so that what begins is all that is under way. */
const actions = {
  connecting: async () => () => ({ client: connect() }),
  async 'connecting, and looked at again'() {
    world.isHinting = true;
    return () => ({ client: connect() });
  },
  'subscribing to a class': () => subscribing('class:7'),
  'subscribing to a club': () => subscribing('club:7'),
  renewing: () => renewing(),
  async 'renewing, and looked at again'() {
    const begin = await renewing();
    world.isHinting = true;
    return begin;
  },
  async 'being rechecked'() {
    const client = await inRooms();
    return () => {
      node.gateway.recheck({ user: '1' });
      return { client };
    };
  },
} satisfies Record<string, () => Promise<() => Action>>;

async function renewing(): Promise<() => Action> {
  const client = await inRooms();
  return () => ({ client, answer: client.renew(NEW) });
}

async function subscribing(room: Room): Promise<() => Action> {
  const client = connect();
  await client.next();
  return () => ({ client, answer: client.subscribe(room) });
}

const both = (...ports: Port[]) => ports.flatMap((port): Step[] => [`${port} before`, `${port} after`]);
/** Whoever comes is rechecked, and once more upon a hint. */
const twice: Step[] = [...both('recheck'), 'recheck before, again', 'recheck after, again'];
const steps: Record<keyof typeof actions, (Step | `log of ${string}`)[]> = {
  connecting: [...both('authenticate', 'recheck', 'roomsOf'), 'log of base:1'],
  'connecting, and looked at again': [...twice, ...both('roomsOf')],
  'subscribing to a class': [...both('authorize'), 'log of class:7'],
  'subscribing to a club': [...both('authorize'), 'log of club:7'],
  renewing: both('authenticate', 'recheck', 'roomsOf', 'authorize'),
  'renewing, and looked at again': [...twice, ...both('roomsOf', 'authorize')],
  'being rechecked': both('recheck', 'roomsOf', 'authorize'),
};

/** What happens meanwhile, and which rooms are lost by it: all of them, when the session is. */
const losses: Record<string, { lost: Room[] | EvictedCode; lose(login: string): void }> = {
  'the role': {
    lost: ['role:1', 'club:7'],
    lose() {
      world.hasRole = false;
      node.gateway.recheck({ user: '1' });
    },
  },
  'a relation': {
    lost: ['parent:1'],
    lose() {
      world.isParent = false;
      node.gateway.recheck({ user: '1' });
    },
  },
  'a class': {
    lost: ['class:7'],
    lose() {
      world.isInClass = false;
      node.gateway.recheckHere();
    },
  },
  'its log-in, of which only a hint tells': {
    lost: 'logged_out',
    lose(login) {
      world.over.set(login, 'logged_out');
      node.gateway.recheck({ session: login });
    },
  },
  'its log-in, by an eviction': {
    lost: 'deactivated',
    lose(login) {
      world.over.set(login, 'logged_out');
      node.gateway.evict({ session: login }, 'deactivated');
    },
  },
};

const cases = Object.keys(actions).flatMap((action) =>
  steps[action as keyof typeof actions].flatMap((step) =>
    Object.keys(losses).map((loss) => [action as keyof typeof actions, step, loss] as const),
  ),
);

const roomsNow = () => node.gateway.sessions().flatMap(({ rooms }) => rooms);

describe('a session that loses', () => {
  it.each(cases)('%s, at "%s": %s', async (name, step, loss) => {
    const begin: () => Action = await actions[name]();
    const held = step.startsWith('log of ') ? node.hold(step) : hold(step as Step);
    const { client, answer } = begin();
    // Whoever is evicted gets none.
    answer?.catch(() => {});
    await held.reached;
    const { lost, lose } = losses[loss] as (typeof losses)[string];
    const from = client.log.length;
    lose('a');
    if (typeof lost !== 'string') await expectLost(client, held, lost, { step, answer, from });
    else if (name.startsWith('connecting') && UNKNOWN.has(step)) await expectRefused(client, held);
    else await expectGone(client, held, lost);
  });
});

/** Where whoever connects is not known yet. */
const UNKNOWN: ReadonlySet<string> = new Set(['authenticate before', 'authenticate after', 'recheck before']);

async function expectRefused(client: Client, held: { letGo(): void }): Promise<void> {
  held.letGo();
  expect(await client.next()).toMatchObject(['connect_error', { code: 'token_invalid' }]);
  expect(node.gateway.sessions()).toEqual([]);
}

async function expectGone(client: Client, held: { letGo(): void }, code: EvictedCode): Promise<void> {
  held.letGo();
  let event: string;
  let message: unknown;
  do [event, message] = await client.next();
  while (event === 'ready' || event === 'left');
  expect([event, message]).toEqual(['evicted', { code }]);
  expect((await client.next())[0]).toBe('disconnect');
  expect(node.gateway.sessions()).toEqual([]);
  expect(node.counted('sessions_evicted_total')).toEqual([{ code }]);
}

async function expectLost(
  client: Client,
  held: { letGo(): void },
  lost: Room[],
  { step, answer, from }: { step: string; answer: Action['answer']; from: number },
): Promise<void> {
  // A row that is being read was asked for by right: what is taken away must be, while it is.
  if (step.startsWith('log of ')) await expect.poll(() => roomsNow().filter((room) => lost.includes(room))).toEqual([]);
  held.letGo();
  const ack = await answer;
  await expect.poll(roomsNow).toContain('base:1');
  await expect.poll(() => roomsNow().filter((room) => lost.includes(room))).toEqual([]);
  for (const room of lost) await node.publish(room, ['secret']);
  await node.publish('base:1', ['marker']);
  while (!client.log.some(([event, message]) => event === 'invalidate' && JSON.stringify(message).includes('marker'))) {
    await client.next();
  }
  const after = client.log.slice(from);
  expect(JSON.stringify(after)).not.toContain('secret');
  const granted = JSON.stringify(after.filter(([event]) => event === 'ready' || event === 'joined'));
  for (const room of lost) expect(granted).not.toContain(room);
  if (ack && 'room' in ack) expect(lost).not.toContain(ack.room);
  else if (ack?.ok === false) expect(ack.code).toBe('forbidden');
}

describe('a renewal whose new log-in ends meanwhile', () => {
  it('is refused, and the session goes on as the old one', async () => {
    const client = await inRooms();
    const held = hold('roomsOf after');
    const answer = client.renew(NEW);
    await held.reached;
    world.over.set('b', 'logged_out');
    node.gateway.recheck({ session: 'b' });
    held.letGo();
    expect(await answer).toMatchObject({ ok: false, code: 'forbidden' });
    expect(node.gateway.sessions()).toMatchObject([{ login: 'a' }]);
  });
});

describe('a recheck whose session is renewed meanwhile', () => {
  it('does not end it for the log-in that it had', async () => {
    const client = await inRooms();
    const held = hold('recheck after');
    world.over.set('a', 'logged_out');
    node.gateway.recheck({ session: 'a' });
    await held.reached;
    expect(await client.renew(NEW)).toEqual({ ok: true });
    held.letGo();
    await expect.poll(() => node.counted('rights_checks_total')).toHaveLength(1);
    expect(node.gateway.sessions()).toMatchObject([{ login: 'b' }]);
  });

  it('takes away nothing that only the old token did not grant', async () => {
    const client = await inRooms();
    const held = hold('roomsOf after');
    world.isParent = false;
    node.gateway.recheck({ user: '1' });
    await held.reached;
    world.isParent = true;
    expect(await client.renew(NEW)).toEqual({ ok: true });
    held.letGo();
    await expect.poll(() => node.counted('rights_checks_total')).toHaveLength(1);
    expect(client.log.filter(([event]) => event === 'left')).toEqual([]);
  });
});

describe('a connection whose rooms are being asked for', () => {
  it('is not looked at beside that', async () => {
    const held = hold('roomsOf after');
    const client = connect();
    await held.reached;
    node.gateway.recheck({ user: '1' });
    node.gateway.recheckHere();
    held.letGo();
    expect((await client.next())[0]).toBe('ready');
    expect(node.counted('rights_checks_total')).toEqual([]);
  });
});

describe('a subscription that begins while a look is under way', () => {
  it('waits for it, because it would ask as whom the session was', async () => {
    const client = connect();
    await client.next();
    const held = hold('recheck after');
    world.hasRole = false;
    node.gateway.recheck({ user: '1' });
    await held.reached;
    let isAnswered = false;
    const answer = client.subscribe('club:7').finally(() => {
      isAnswered = true;
    });
    // What could be answered by now would have been before these.
    for (const room of ['base:1', 'base:1'] as const) await client.subscribe(room);
    expect(await client.unsubscribe('none:1')).toEqual({ ok: true });
    expect(isAnswered).toBe(false);
    held.letGo();
    expect(await answer).toMatchObject({ ok: false, code: 'forbidden' });
  });
});

describe('a connection whose principal was read again', () => {
  it('asks for further rooms as whom it was then', async () => {
    const held = hold('authenticate after');
    const client = connect();
    await held.reached;
    world.hasRole = false;
    node.gateway.recheck({ user: '1' });
    held.letGo();
    expect((await client.next())[0]).toBe('ready');
    expect(await client.subscribe('club:7')).toMatchObject({ ok: false, code: 'forbidden' });
  });
});

describe('a subscription, where nobody rechecks principals,', () => {
  it('is asked for anew when a hint came, also when the look at the session is over by then', async () => {
    await node.close();
    node = await startOneNode({ authorize: () => ask('authorize', () => world.isInClass) });
    const client = connect();
    await client.next();
    const held = hold('authorize after');
    const answer = client.subscribe('class:7');
    await held.reached;
    world.isInClass = false;
    node.gateway.recheck({ user: '1' });
    await expect.poll(() => node.counted('rights_checks_total')).toHaveLength(1);
    held.letGo();
    expect(await answer).toMatchObject({ ok: false, code: 'forbidden' });
  });
});

describe('a room that is gained, and lost again before that takes effect', () => {
  it.each(both('recheck', 'roomsOf', 'authorize'))('is never told of, at "%s"', async (step) => {
    world.isParent = false;
    world.hasRole = false;
    const client = connect();
    await client.next();
    await client.subscribe('class:7');
    world.isParent = true;
    world.hasRole = true;
    const held = hold(step);
    node.gateway.recheck({ user: '1' });
    await held.reached;
    world.isParent = false;
    world.hasRole = false;
    node.gateway.recheck({ user: '1' });
    held.letGo();
    await expect.poll(() => node.counted('rights_checks_total')).toHaveLength(2);
    expect(await client.unsubscribe('none:1')).toEqual({ ok: true });
    expect(client.log.map(([event]) => event)).toEqual(['ready']);
    expect(node.gateway.sessions()).toMatchObject([{ rooms: ['base:1', 'class:7'] }]);
  });
});

describe('hints without end', () => {
  it('do not keep a session in what it lost', async () => {
    const client = await inRooms();
    world.isParent = false;
    world.isInClass = false;
    for (let round = 0; client.log.filter(([event]) => event === 'left').length < 2; round += 1) {
      const held = hold('authorize after');
      node.gateway.recheck({ user: '1' });
      await held.reached;
      node.gateway.recheck({ user: '1' });
      held.letGo();
      await node.publish('base:1', [`${round}`]);
      await client.unsubscribe('none:1');
      expect(round).toBeLessThan(3);
    }
    expect(node.gateway.sessions()).toMatchObject([{ rooms: ['base:1', 'role:1', 'club:7'] }]);
  });
});
