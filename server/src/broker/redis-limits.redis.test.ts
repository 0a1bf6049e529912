import { MAX_ROOMS_PER_PUBLISH } from '@querycast/protocol';
import { afterEach, expect, test, vi } from 'vitest';
import { freshRoom } from './conformance/harness.js';
import type { ConnectedBroker } from './redis-broker.test.support.js';
import { useRedis } from './redis-fixture.test.support.js';

const { start, connectLive } = useRedis();

afterEach(() => {
  vi.useRealTimers();
});

/** Nothing is late from now on: how long thousands of scripts take is a matter of the machine. */
function stopClocks(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
}

/** Counts the commands that wait for an answer of the server; those of the log are scripts. */
function countInFlight({ commands }: ConnectedBroker): { peak(): number } {
  let [now, peak] = [0, 0];
  for (const name of ['evalsha', 'eval'] as const) {
    const send = commands[name].bind(commands) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(commands, {
      [name]: async (...args: unknown[]) => {
        now += 1;
        peak = Math.max(peak, now);
        try {
          return await send(...args);
        } finally {
          now -= 1;
        }
      },
    });
  }
  return { peak: () => peak };
}

test('a publish to as many rooms as the protocol allows reaches all of them, with few under way at a time', async () => {
  const server = await start();
  const connected = await connectLive(server);
  const { broker } = connected;
  const { peak } = countInFlight(connected);
  stopClocks();
  const rooms = Array.from({ length: MAX_ROOMS_PER_PUBLISH }, freshRoom);
  const appended = await Promise.all(rooms.map((room) => broker.append({ room, keys: [['a'], ['b', 1]], id: '1' })));
  expect(appended.filter(({ position }) => position.endsWith(':1'))).toHaveLength(rooms.length);
  expect(peak()).toBe(500);
});

test('reads of every open room at once: few under way at a time, all answered, and positions do not wait for them', async () => {
  const server = await start();
  const connected = await connectLive(server);
  const { broker } = connected;
  const { position } = await broker.read(freshRoom());
  const { peak } = countInFlight(connected);
  stopClocks();
  let answered = 0;
  const missed = Array.from({ length: 20_000 }, async () => {
    const { status } = await broker.read(freshRoom(), position);
    answered += 1;
    return status;
  });
  await Promise.all(Array.from({ length: 100 }, () => broker.read(freshRoom())));
  expect(answered).toBeLessThan(5_000);
  expect(new Set(await Promise.all(missed))).toEqual(new Set(['resync']));
  expect(peak()).toBe(600);
});
