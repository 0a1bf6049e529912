import { ID_RETENTION_MS, isPosition } from '@querycast/protocol';
import { expect, it } from 'vitest';
import { appendEach, type BrokerUnderTest, createRecorder, epochOf, freshRoom, offsetOf } from './harness.js';

/** What appending does to positions, keys and ids. */
export function appendConformance(use: () => BrokerUnderTest): void {
  it('gives a room a position before anything was appended to it', async () => {
    const { position } = await use().broker.read(freshRoom());
    expect(isPosition(position)).toBe(true);
    expect(epochOf(position)).toMatch(/^[0-9a-f]{24}$/);
    expect(offsetOf(position)).toBe(0);
  });

  it('keeps the position of a room between reads', async () => {
    const { broker } = use();
    const room = freshRoom();
    expect((await broker.read(room)).position).toBe((await broker.read(room)).position);
  });

  it('gives each room an epoch of its own', async () => {
    const { broker } = use();
    const epochs = await Promise.all([0, 1, 2].map(async () => epochOf((await broker.read(freshRoom())).position)));
    expect(new Set(epochs).size).toBe(3);
  });

  it('adds one to the offset per invalidation, however many keys it has', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position: start } = await broker.read(room);
    const one = await broker.append({ room, keys: [['a']] });
    const two = await broker.append({ room, keys: [['a'], ['b'], ['c', 1]] });
    expect([start, one.position, two.position].map(offsetOf)).toEqual([0, 1, 2]);
    expect(new Set([start, one.position, two.position].map(epochOf)).size).toBe(1);
    expect((await broker.read(room)).position).toBe(two.position);
  });

  it('counts the offsets of each room apart', async () => {
    const { broker } = use();
    const [busy, quiet] = [freshRoom(), freshRoom()];
    await appendEach(broker, busy, [['a'], ['b'], ['c']]);
    expect(offsetOf((await broker.append({ room: quiet, keys: [['a']] })).position)).toBe(1);
  });

  it('names the same incarnation in every answer about a room', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { incarnation } = await broker.append({ room, keys: [['a']] });
    expect(incarnation).not.toBe('');
    expect((await broker.read(room)).incarnation).toBe(incarnation);
    expect((await broker.append({ room, keys: [['a']], id: 'x' })).incarnation).toBe(incarnation);
  });

  it('gives concurrent appends distinct positions without a gap', async () => {
    const { broker, peer = broker } = use();
    const room = freshRoom();
    const appended = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? peer : broker).append({ room, keys: [['k', n]] })),
    );
    const offsets = appended.map(({ position }) => offsetOf(position)).sort((a, b) => a - b);
    expect(offsets).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  });

  it('holds the keys as they were when appended, whatever the caller does to its arrays afterwards', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position: start } = await broker.read(room);
    const filter = { page: 1 };
    const keys: [string, { page: number }][] = [['list', filter]];
    await broker.append({ room, keys });
    filter.page = 2;
    keys.pop();
    expect((await broker.read(room, start)).keys).toEqual([['list', { page: 1 }]]);
  });

  it('changes nothing when an id is appended again, and answers the present position of the room', async () => {
    const { broker, peer = broker } = use();
    const room = freshRoom();
    const recorder = createRecorder();
    await broker.subscribe(room, recorder.deliver);
    const first = await broker.append({ room, keys: [['a']], id: 'change-1' });
    const newest = await broker.append({ room, keys: [['b']] });
    expect((await peer.append({ room, keys: [['c']], id: 'change-1' })).position).toBe(newest.position);
    const { position, keys } = await broker.read(room, first.position);
    expect({ position, keys }).toEqual({ position: newest.position, keys: [['b']] });
    await broker.append({ room, keys: [['last']] });
    expect((await recorder.heard(3)).map((envelope) => envelope.keys)).toEqual([[['a']], [['b']], [['last']]]);
  });

  it('lets exactly one of several concurrent appends of one id win', async () => {
    const { broker, peer = broker } = use();
    const room = freshRoom();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? peer : broker).append({ room, keys: [['k', n]], id: 'x' })),
    );
    expect(offsetOf((await broker.read(room)).position)).toBe(1);
  });

  it('remembers an id per room: the same id reaches every room of a publish', async () => {
    const { broker } = use();
    const rooms = [freshRoom(), freshRoom()];
    const appended = await Promise.all(rooms.map((room) => broker.append({ room, keys: [['a']], id: 'shared' })));
    expect(appended.map(({ position }) => offsetOf(position))).toEqual([1, 1]);
  });

  it('remembers an id for ten minutes from its first append, and not longer', async () => {
    const { broker, advance } = use();
    const room = freshRoom();
    const append = async () => offsetOf((await broker.append({ room, keys: [['a']], id: 'x' })).position);
    expect(await append()).toBe(1);
    await advance(ID_RETENTION_MS - 60_000);
    expect(await append()).toBe(1);
    await advance(60_001);
    expect(await append()).toBe(2);
  });
}
