import type { Room } from '@querycast/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import type { Frame } from './pending-frame.js';
import { createRoomHub } from './room-hub.js';
import { virtualTimers } from './virtual-timers.test.support.js';

const ROOM: Room = 'parent:1';
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A hub on a broker that may lose envelopes in silence: live, every subscription stands, and reads are answered. */
function hubOnLosingBroker(sweepIntervalMs?: number) {
  const real = createMemoryBroker();
  const fault = { isLosing: false, isDelaying: false, isFailing: false };
  const delayed: (() => void)[] = [];
  const subscribed: Room[] = [];
  let reads = 0;
  let tell = (_live: boolean) => {};
  const broker: Broker = {
    ...real,
    async read(room, since) {
      // Rows of these tests are read without a position.
      if (since !== undefined) reads += 1;
      if (fault.isFailing) throw new BrokerUnavailableError();
      return real.read(room, since);
    },
    subscribe(room, deliver) {
      subscribed.push(room);
      return real.subscribe(room, (envelope) => {
        if (fault.isDelaying) delayed.push(() => deliver(envelope));
        else if (!fault.isLosing) deliver(envelope);
      });
    },
    onLive(listen) {
      tell = listen;
      listen(true);
      return () => {};
    },
  };
  const timers = virtualTimers();
  const frames: Frame[] = [];
  const recorded = recordObservability();
  const hub = createRoomHub({
    broker,
    timers,
    logger: recorded.logger,
    metrics: recorded.metrics,
    settings: { exposeReason: false, resyncSpreadMs: 2_000 },
    listener: { onFrame: (_room, frame) => frames.push(frame), onRow() {}, onDelayed() {} },
    ...(sweepIntervalMs === undefined ? {} : { sweepIntervalMs }),
  });
  ends.push(() => hub.close());
  return {
    hub,
    real,
    fault,
    frames,
    subscribed,
    lines: recorded.lines,
    reads: () => reads,
    tell: (live: boolean) => tell(live),
    release() {
      for (const deliver of delayed.splice(0)) deliver();
    },
    swept: (result: string) =>
      recorded.counts.filter(({ name, labels }) => name === 'room_sweeps_total' && labels['result'] === result).length,
    /** Lets so much time pass, with every answer in between. */
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 500) {
        await settle();
        timers.advance(Math.min(left, 500));
      }
      await settle();
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('a room whose envelopes are lost in silence', () => {
  it('is brought up to date by the sweep, with exactly what it missed, and that is counted and logged', async () => {
    const { hub, real, fault, frames, pass, swept, lines } = hubOnLosingBroker();
    hub.join('s', ROOM);
    await settle();
    const { position: before } = await real.read(ROOM);
    fault.isLosing = true;
    await real.append({ room: ROOM, keys: [['lost', 1]] });
    const { position } = await real.append({ room: ROOM, keys: [['lost', 2]] });
    await pass(31_500);
    expect(frames).toMatchObject([
      {
        event: 'invalidate',
        message: {
          prev: before,
          position,
          keys: [
            ['lost', 1],
            ['lost', 2],
          ],
        },
      },
    ]);
    expect(swept('recovered')).toBe(1);
    expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: 'room was behind its log', fields: { room: ROOM, result: 'recovered', rooms: 1 } },
    ]);
    await pass(30_000);
    expect([frames.length, swept('recovered')]).toEqual([1, 1]);
  });

  it('is subscribed anew, once, for the broker may have forgotten it; not so the others', async () => {
    const { hub, real, fault, pass, subscribed } = hubOnLosingBroker();
    for (const room of [ROOM, 'parent:2'] as const) hub.join('s', room);
    await settle();
    fault.isLosing = true;
    await real.append({ room: ROOM, keys: [['lost']] });
    fault.isLosing = false;
    await pass(61_500);
    expect(subscribed).toEqual([ROOM, 'parent:2', ROOM]);
  });

  it('stays behind without the sweep', async () => {
    const { hub, real, fault, frames, pass } = hubOnLosingBroker(Number.POSITIVE_INFINITY);
    hub.join('s', ROOM);
    await settle();
    fault.isLosing = true;
    await real.append({ room: ROOM, keys: [['lost']] });
    await pass(600_000);
    expect(frames).toEqual([]);
  });

  it('is told to fetch anew when the log cannot say any more what it missed', async () => {
    const { hub, real, fault, frames, pass, swept } = hubOnLosingBroker();
    hub.join('s', ROOM);
    await settle();
    fault.isLosing = true;
    for (let n = 0; n < 300; n += 1) await real.append({ room: ROOM, keys: [['lost', n]] });
    await pass(31_500);
    expect(frames).toMatchObject([{ event: 'resync', message: { reason: 'floor' } }]);
    expect(swept('resync')).toBe(1);
  });
});

it('what is merely on its way when a room is compared is neither counted nor read again', async () => {
  const { hub, real, fault, frames, pass, release, reads, swept } = hubOnLosingBroker();
  hub.join('s', ROOM);
  await settle();
  fault.isDelaying = true;
  await real.append({ room: ROOM, keys: [['late']] });
  const before = reads();
  while (reads() === before) await pass(500);
  await pass(500);
  release();
  expect(frames).toMatchObject([{ message: { keys: [['late']] } }]);
  await pass(2_000);
  expect([reads(), frames.length]).toEqual([before + 1, 1]);
  expect([swept('same'), swept('recovered')]).toEqual([1, 0]);
});

it('rooms that miss nothing are compared once each in 30 seconds, and nothing of it is logged', async () => {
  const { hub, pass, reads, swept, lines } = hubOnLosingBroker();
  for (let n = 0; n < 100; n += 1) hub.join('s', `parent:${n}`);
  await pass(30_000);
  expect([reads(), swept('same')]).toEqual([100, 100]);
  await pass(30_000);
  expect([reads(), swept('same')]).toEqual([200, 200]);
  expect(lines).toEqual([]);
});

it('nothing is compared while the broker is away, and all of it again when it is back', async () => {
  const { hub, pass, reads, tell } = hubOnLosingBroker();
  hub.join('s', ROOM);
  await settle();
  tell(false);
  await pass(60_000);
  expect(reads()).toBe(0);
  tell(true);
  await pass(30_000);
  // One because it is back.
  expect(reads()).toBe(2);
});

it('a comparison that is not answered is counted, and is made again in the next round', async () => {
  const { hub, real, fault, frames, pass, swept, lines } = hubOnLosingBroker();
  hub.join('s', ROOM);
  await settle();
  fault.isLosing = true;
  await real.append({ room: ROOM, keys: [['lost']] });
  fault.isFailing = true;
  await pass(30_000);
  expect([swept('failed'), frames.length]).toEqual([1, 0]);
  expect(lines.map(({ message }) => message)).toEqual(['broker did not answer']);
  fault.isFailing = false;
  await pass(31_000);
  expect(frames).toMatchObject([{ message: { keys: [['lost']] } }]);
});
