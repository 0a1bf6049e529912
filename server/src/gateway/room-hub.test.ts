import { canonicalForm, comparePositions, covers, type Envelope, type Position, type Room } from '@querycast/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { silentLogger } from '../observability/logger.js';
import { noMetrics } from '../observability/metrics.js';
import type { Frame } from './pending-frame.js';
import { createRoomHub, type RoomHub, type RoomListener } from './room-hub.js';
import type { Timers } from './timers.js';
import { virtualTimers } from './virtual-timers.test.support.js';

const ROOM: Room = 'parent:1';

/** Lets every promise that can settle do so, and the deliveries of the memory broker arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** The memory broker behind a network that loses, repeats and delays envelopes and fails reads. */
function unreliable(real: Broker) {
  const fault = { lose: false, repeat: false, delay: false, fail: false, slow: false };
  const delayed: (() => void)[] = [];
  const slow: (() => void)[] = [];
  const guard = <T>(act: () => Promise<T>) => (fault.fail ? Promise.reject(new BrokerUnavailableError()) : act());
  const broker: Broker = {
    append: (append) => real.append(append),
    read: (room, since) =>
      guard(async () => {
        const read = await real.read(room, since);
        // An answer that is old by the time it arrives.
        if (fault.slow) await new Promise<void>((resolve) => slow.push(resolve));
        return read;
      }),
    subscribe: (room, deliver) =>
      guard(() =>
        real.subscribe(room, (envelope: Envelope) => {
          if (fault.lose) return;
          if (fault.delay) delayed.push(() => deliver(envelope));
          else deliver(envelope);
          if (fault.repeat) deliver(envelope);
        }),
      ),
    onLive: (listen) => real.onLive(listen),
    close: () => real.close(),
  };
  const release = () => {
    // Newest first: the network reorders as well.
    for (const deliver of delayed.splice(0).reverse()) deliver();
    for (const answer of slow.splice(0)) answer();
  };
  return { broker, fault, release };
}

/** A client that checks what it is sent, and remembers from which offset on each key reached it. */
class Client {
  position: Position | undefined;
  readonly stale = new Set<string>();
  /** Noted rather than thrown: whoever delivers may catch what is thrown. */
  readonly complaints: string[] = [];

  take(frame: Frame): void {
    const { message } = frame;
    if (frame.event === 'resync') {
      this.stale.add('everything');
      this.position = message.position;
      return;
    }
    const { prev, position, keys } = frame.message;
    if (this.position === undefined) {
      this.complaints.push('a frame came before the row');
      return;
    }
    if (covers(this.position, position)) return;
    const order = comparePositions(prev, this.position);
    if (order === 'newer' || order === 'unrelated') this.complaints.push(`at ${this.position}, got ${prev}`);
    for (const key of keys) this.stale.add(canonicalForm(key));
    this.position = position;
  }
}

/** A hub whose output goes to `listener`; what a test leaves out is ignored. */
function hubOn(broker: Broker, timers: Timers, listener: Partial<RoomListener> = {}): RoomHub {
  return createRoomHub({
    broker,
    timers,
    logger: silentLogger,
    metrics: noMetrics,
    settings: { exposeReason: false, resyncSpreadMs: 0 },
    listener: { onFrame() {}, onRow() {}, onDelayed() {}, ...listener },
  });
}

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), key: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), nth: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      fault: fc.constantFrom('lose' as const, 'repeat' as const, 'delay' as const, 'fail' as const, 'slow' as const),
      on: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const) }) },
);

describe('the rooms of a node', () => {
  it('bring every key to every member in order and without a gap, whatever the network does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const real = createMemoryBroker();
        const { broker, fault, release } = unreliable(real);
        const timers = virtualTimers();
        const members = new Map<string, { client: Client; held: Frame[]; joined: boolean; owed: Set<string> }>();
        const hub = hubOn(broker, timers, {
          onFrame(_, frame, holding) {
            for (const [id, member] of members) {
              if (holding.has(id)) member.held.push(frame);
              else if (member.joined) member.client.take(frame);
            }
          },
          onRow(id, row) {
            const member = members.get(id);
            if (!member) throw new Error('a row for nobody');
            member.client.position = row.position;
            member.joined = true;
            for (const frame of member.held.splice(0)) member.client.take(frame);
            hub.release(id, ROOM);
          },
        });
        let named = 0;
        const publish = async (key: string) => {
          const { position } = await real.append({ room: ROOM, keys: [[key]] });
          for (const member of members.values()) {
            // Owed to whoever had its row when it was published; the row itself holds the rest.
            if (member.joined) member.owed.add(canonicalForm([key]));
          }
          return position;
        };
        for (const step of actions) {
          if (step.do === 'publish') await publish(`k${step.key}`);
          else if (step.do === 'join') {
            named += 1;
            members.set(`s${named}`, { client: new Client(), held: [], joined: false, owed: new Set() });
            hub.join(`s${named}`, ROOM);
          } else if (step.do === 'leave') {
            const id = [...members.keys()][step.nth];
            if (id !== undefined) {
              members.delete(id);
              hub.leave(id, ROOM);
            }
          } else if (step.do === 'advance') timers.advance(step.ms);
          else if (step.do === 'settle') await settle();
          else if (step.do === 'fault') fault[step.fault] = step.on;
          else release();
        }
        Object.assign(fault, { lose: false, repeat: false, delay: false, fail: false, slow: false });
        release();
        // The faults are over: retries run, and the sweep uncovers whatever was lost.
        for (let round = 0; round < 6; round += 1) {
          await settle();
          timers.advance(10_000);
        }
        await settle();
        const { position } = await real.read(ROOM);
        for (const { client } of members.values()) expect(client.position).toBe(position);
        const last = await publish('last');
        for (let round = 0; round < 3; round += 1) {
          await settle();
          timers.advance(10_000);
        }
        for (const { client, joined, owed } of members.values()) {
          expect(joined).toBe(true);
          expect(client.complaints).toEqual([]);
          expect(client.position).toBe(last);
          for (const key of owed) expect(client.stale).toContain(key);
        }
        await hub.close();
        await real.close();
      }),
      { numRuns: 300 },
    );
  });

  it('answers the latest join of a session, not one it has left meanwhile', async () => {
    const real = createMemoryBroker();
    const { broker, fault, release } = unreliable(real);
    const rows: string[] = [];
    const hub = hubOn(broker, virtualTimers(), {
      onRow: (session, row) => rows.push(`${session} ${row.position}`),
    });
    hub.join('keeps-it-open', ROOM);
    await settle();
    fault.slow = true;
    hub.join('s', ROOM);
    await settle();
    hub.leave('s', ROOM);
    const { position } = await real.append({ room: ROOM, keys: [['k']] });
    await settle();
    hub.join('s', ROOM);
    fault.slow = false;
    await settle();
    release();
    await settle();
    expect(rows.slice(1)).toEqual([`s ${position}`]);
    await hub.close();
  });

  it('reads one row for all who return at once to where they were, and gives it to each', async () => {
    const real = createMemoryBroker();
    const { position: since } = await real.append({ room: ROOM, keys: [['seen']] });
    const { position } = await real.append({ room: ROOM, keys: [['missed']] });
    const reads: (Position | undefined)[] = [];
    const broker: Broker = {
      ...real,
      read: (room, from) => {
        reads.push(from);
        return real.read(room, from);
      },
    };
    const rows: string[] = [];
    const hub = hubOn(broker, virtualTimers(), {
      onRow: (session, { status, position: at, keys }) => rows.push([session, status, at, ...keys.flat()].join(' ')),
    });
    for (let n = 0; n < 100; n += 1) hub.join(`s${n}`, ROOM, since);
    await settle();
    expect(rows).toEqual(Array.from({ length: 100 }, (_, n) => `s${n} recovered ${position} missed`));
    expect(reads.filter((from) => from === since)).toHaveLength(1);
    await hub.close();
  });

  it('closes within a second although the broker does not say that it forgot a room', async () => {
    const real = createMemoryBroker();
    const broker: Broker = { ...real, subscribe: async () => () => new Promise<void>(() => {}) };
    const timers = virtualTimers();
    const hub = hubOn(broker, timers, {});
    hub.join('s', ROOM);
    hub.join('gone', 'parent:2');
    await settle();
    hub.leave('gone', 'parent:2');
    let isClosed = false;
    const closed = hub.close().then(() => {
      isClosed = true;
    });
    timers.advance(999);
    await settle();
    expect(isClosed).toBe(false);
    timers.advance(1);
    await closed;
    expect(timers.pending()).toBe(0);
  });

  it('leaves no timer behind when its last session goes because the broker does not answer', async () => {
    const { broker, fault } = unreliable(createMemoryBroker());
    fault.fail = true;
    const armed = new Set<object>();
    const timers: Timers = {
      ...virtualTimers(),
      after: () => {
        const timer = {};
        armed.add(timer);
        return () => armed.delete(timer);
      },
    };
    const hub = hubOn(broker, timers, { onDelayed: (session, room) => hub.leave(session, room) });
    hub.join('s', ROOM);
    await settle();
    expect([hub.size(), armed.size]).toEqual([0, 0]);
  });

  it('has one subscription for a room, however many are in it, and none once all have left', async () => {
    const real = createMemoryBroker();
    let open = 0;
    let opened = 0;
    const broker: Broker = {
      ...real,
      subscribe: async (room, deliver) => {
        const unsubscribe = await real.subscribe(room, deliver);
        open += 1;
        opened += 1;
        return async () => {
          open -= 1;
          await unsubscribe();
        };
      },
    };
    const hub = hubOn(broker, virtualTimers());
    for (let index = 0; index < 100; index += 1) hub.join(`s${index}`, ROOM);
    await settle();
    expect([open, opened, hub.size()]).toEqual([1, 1, 1]);
    for (let index = 0; index < 100; index += 1) hub.leave(`s${index}`, ROOM);
    // Back before the old subscription is gone.
    hub.join('again', ROOM);
    hub.leave('again', ROOM);
    hub.join('again', ROOM);
    await settle();
    expect([open, hub.size()]).toEqual([1, 1]);
    await hub.close();
    expect([open, hub.size()]).toEqual([0, 0]);
    await real.close();
  });
});
