import type { Room } from '@querycast/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { noMetrics } from '../observability/metrics.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import { createRoomHub, type RoomHub } from './room-hub.js';

let isAway: boolean;
let isLosing: boolean;
let tell: (live: boolean) => void;
let reads: Map<Room, number>;
let sent: (number | undefined)[];
let due: (() => void)[];
let now: number;
let real: Broker;
let hub: RoomHub;
let recorded: ReturnType<typeof recordObservability>;

const roomOf = (n: number): Room => `parent:${n}`;
const linesAt = (...levels: string[]) => recorded.lines.filter(({ level }) => levels.includes(level));

/** Lets every promise settle; slices and wake-ups stay due. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Runs what is due now, and what becomes due of it, to the end. */
async function runAll(): Promise<void> {
  while (due.length > 0) {
    for (const run of due.splice(0)) run();
    await settle();
  }
}

beforeEach(() => {
  isAway = false;
  isLosing = false;
  reads = new Map();
  sent = [];
  due = [];
  now = 0;
  recorded = recordObservability();
  real = createMemoryBroker();
  const broker: Broker = {
    ...real,
    async read(room, since) {
      if (isAway) throw new BrokerUnavailableError();
      // Only those of the hub's repairs: rows of these tests are read without a position.
      if (since !== undefined) reads.set(room, (reads.get(room) ?? 0) + 1);
      return real.read(room, since);
    },
    subscribe: (room, deliver) =>
      real.subscribe(room, (envelope) => {
        if (!isAway && !isLosing) deliver(envelope);
      }),
    onLive(listen) {
      tell = (live) => {
        isAway = !live;
        listen(live);
      };
      listen(true);
      return () => {};
    },
  };
  hub = createRoomHub({
    broker,
    timers: {
      now: () => now,
      wallClock: () => now,
      after(_ms, run) {
        const timer = () => run();
        due.push(timer);
        return () => {
          due = due.filter((other) => other !== timer);
        };
      },
    },
    logger: recorded.logger,
    metrics: noMetrics,
    settings: { exposeReason: false, resyncSpreadMs: 2_000 },
    // This clock runs whatever is due without end.
    sweepIntervalMs: Number.POSITIVE_INFINITY,
    listener: { onFrame: (_room, frame) => sent.push(frame.message.spreadMs), onRow() {}, onDelayed() {} },
  });
});

async function open(rooms: number): Promise<void> {
  for (let n = 0; n < rooms; n += 1) hub.join('s', roomOf(n));
  await settle();
}

describe('when the broker comes back', () => {
  it('each room is read exactly once, in slices between which everything else has its turn', async () => {
    await open(1_000);
    tell(false);
    tell(true);
    expect(reads.size).toBeLessThanOrEqual(200);
    await runAll();
    expect([...reads.values()]).toEqual(Array(1_000).fill(1));
  });

  it('rooms that closed meanwhile are not read, nor those that opened since', async () => {
    await open(500);
    tell(false);
    tell(true);
    hub.leave('s', roomOf(499));
    hub.leave('s', roomOf(498));
    hub.join('s', roomOf(498));
    hub.join('s', roomOf(500));
    await runAll();
    expect(reads.size).toBe(498);
    expect([498, 499, 500].filter((n) => reads.has(roomOf(n)))).toEqual([]);
  });

  it('and goes away and comes back again before all are read, each is read once more', async () => {
    await open(500);
    tell(false);
    tell(true);
    await settle();
    const told = new Set(reads.keys());
    tell(false);
    await runAll();
    expect(reads.size).toBe(told.size);
    tell(true);
    await runAll();
    for (let n = 0; n < 500; n += 1) expect(reads.get(roomOf(n))).toBe(told.has(roomOf(n)) ? 2 : 1);
  });

  it('nothing is read any more once the hub is closed', async () => {
    await open(500);
    tell(false);
    tell(true);
    await settle();
    const before = reads.size;
    await hub.close();
    await runAll();
    expect(reads.size).toBe(before);
  });

  it('one line tells of all rooms, with counts, and none of a single room', async () => {
    await open(500);
    tell(false);
    await real.append({ room: roomOf(1), keys: [['k']] });
    await real.append({ room: roomOf(400), keys: [['k']] });
    await settle();
    tell(true);
    await runAll();
    expect(linesAt('info', 'warn', 'error')).toEqual([
      {
        level: 'info',
        message: 'rooms read again because the broker was away',
        fields: { rooms: 500, recovered: 2, resync: 0, unread: 0 },
      },
    ]);
  });
});

describe('a broker that does not answer', () => {
  it('while it is known to be away is no news: sessions that join meanwhile write no line', async () => {
    tell(false);
    await open(100);
    expect(linesAt('info', 'warn', 'error')).toEqual([]);
    expect(linesAt('debug')).toHaveLength(100);
  });

  it('while it counts as live is one line in ten seconds, with how many went unanswered', async () => {
    isAway = true;
    await open(100);
    now = 10_000;
    hub.join('s', roomOf(100));
    await settle();
    expect(linesAt('warn')).toMatchObject([
      { message: 'broker did not answer', fields: { unanswered: 1 } },
      { message: 'broker did not answer', fields: { unanswered: 100 } },
    ]);
  });
});

it('what is found in the log before the broker counts as live is spread: other rooms find it as well', async () => {
  await open(1);
  tell(false);
  // Answers and envelopes come again before it says so.
  isAway = false;
  isLosing = true;
  await real.append({ room: roomOf(0), keys: [['lost']] });
  await settle();
  isLosing = false;
  await real.append({ room: roomOf(0), keys: [['heard']] });
  await settle();
  expect(sent).toEqual([2_000]);
});
