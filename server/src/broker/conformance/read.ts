import { formatPosition, LOG_RETENTION_MS, MAX_LOG_ENTRIES, type Position } from '@querycast/protocol';
import { expect, it } from 'vitest';
import { appendEach, type BrokerUnderTest, epochOf, freshRoom, numberedKeys, offsetOf } from './harness.js';

/** Malformed, which only a parser would let through as a position. */
const MALFORMED = ['', 'nonsense', ':', ':1', 'epoch:', 'epoch:-1', 'epoch:1.5', 'a b:1'] as unknown as Position[];

/** What a read answers for a position. */
export function readConformance(use: () => BrokerUnderTest): void {
  it('answers fresh, without keys, when no position is given', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position } = await broker.append({ room, keys: [['a']] });
    expect(await broker.read(room)).toMatchObject({ position, status: 'fresh', keys: [] });
  });

  it('recovers nothing at the head', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position } = await broker.append({ room, keys: [['a']] });
    expect(await broker.read(room, position)).toMatchObject({ position, status: 'recovered', keys: [] });
  });

  it('recovers exactly the keys invalidated after the position, each once', async () => {
    const { broker } = use();
    const room = freshRoom();
    const [, second, , fourth] = await appendEach(broker, room, [['a'], ['b'], ['c'], ['a']]);
    const { status, keys, position } = await broker.read(room, second);
    expect({ status, position }).toEqual({ status: 'recovered', position: fourth });
    expect(keys).toHaveLength(2);
    expect(keys).toEqual(expect.arrayContaining([['c'], ['a']]));
  });

  it('takes keys of one canonical form for one, and 7 and "7" for two', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position } = await broker.read(room);
    await broker.append({ room, keys: [['list', { a: 1, b: [true, null] }]] });
    await broker.append({ room, keys: [['list', { b: [true, null], a: 1 }]] });
    await broker.append({ room, keys: [['list', 7]] });
    await broker.append({ room, keys: [['list', '7']] });
    const { keys } = await broker.read(room, position);
    expect(keys).toHaveLength(3);
    expect(keys).toEqual(
      expect.arrayContaining([
        ['list', { a: 1, b: [true, null] }],
        ['list', 7],
        ['list', '7'],
      ]),
    );
  });

  it('keeps a key beside a shorter one that is its prefix', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position } = await broker.read(room);
    const [afterList] = await appendEach(broker, room, [['list'], ['list', 1]]);
    expect((await broker.read(room, position)).keys).toHaveLength(2);
    expect((await broker.read(room, afterList)).keys).toEqual([['list', 1]]);
  });

  it('carries every JSON value in a key unchanged', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position } = await broker.read(room);
    const key = [
      'k',
      0,
      -1.5e-7,
      2 ** 53 - 1,
      'ü\u2028"\\\u0000😀',
      true,
      null,
      [],
      {},
      { z: [[]], é: { a: '' } },
    ] as const;
    await broker.append({ room, keys: [key] });
    expect((await broker.read(room, position)).keys).toEqual([key]);
  });

  it('answers resync for a position of another epoch', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position } = await broker.append({ room, keys: [['a']] });
    const { position: elsewhere } = await broker.append({ room: freshRoom(), keys: [['a']] });
    expect(await broker.read(room, elsewhere)).toMatchObject({ position, status: 'resync', cause: 'epoch', keys: [] });
  });

  it('answers resync for a position beyond the head, which this sequence never issued', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position } = await broker.append({ room, keys: [['a']] });
    const beyond = formatPosition(epochOf(position), offsetOf(position) + 1);
    expect(await broker.read(room, beyond)).toMatchObject({ position, status: 'resync', cause: 'epoch', keys: [] });
  });

  it.each(MALFORMED)('answers resync, as for another epoch, for the malformed position %j', async (malformed) => {
    const { broker } = use();
    const room = freshRoom();
    const { position } = await broker.append({ room, keys: [['a']] });
    expect(await broker.read(room, malformed)).toMatchObject({ position, status: 'resync', cause: 'epoch', keys: [] });
  });

  it('recovers while the log holds every key after the position, and answers resync below the floor', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position: start } = await broker.read(room);
    const [first] = await appendEach(broker, room, numberedKeys(MAX_LOG_ENTRIES));
    expect((await broker.read(room, start)).keys).toHaveLength(MAX_LOG_ENTRIES);
    await broker.append({ room, keys: [['one-too-many']] });
    expect(await broker.read(room, start)).toMatchObject({ status: 'resync', cause: 'floor', keys: [] });
    const { status, keys } = await broker.read(room, first);
    expect({ status, count: keys.length }).toEqual({ status: 'recovered', count: MAX_LOG_ENTRIES });
  });

  it('recovers any gap while the keys are few, however many invalidations it spans', async () => {
    const { broker } = use();
    const room = freshRoom();
    const { position: start } = await broker.read(room);
    const keys = numberedKeys(3);
    await Promise.all(Array.from({ length: 400 }, () => broker.append({ room, keys })));
    const answer = await broker.read(room, start);
    expect(answer.status).toBe('recovered');
    expect(offsetOf(answer.position)).toBe(400);
    expect([...answer.keys].sort()).toEqual(keys);
  });

  it('forgets a room that nothing touched for seven days: a new epoch, and resync for the old position', async () => {
    const { broker, advance } = use();
    const room = freshRoom();
    const { position: old } = await broker.append({ room, keys: [['a']] });
    await advance(LOG_RETENTION_MS + 1);
    const answer = await broker.read(room, old);
    expect(answer).toMatchObject({ status: 'resync', cause: 'epoch', keys: [] });
    expect(epochOf(answer.position)).not.toBe(epochOf(old));
    expect(offsetOf(answer.position)).toBe(0);
  });

  it('keeps a room that is read or appended to at least every seven days', async () => {
    const { broker, advance } = use();
    const room = freshRoom();
    const { position } = await broker.append({ room, keys: [['a']] });
    await advance(LOG_RETENTION_MS - 60_000);
    expect((await broker.read(room)).position).toBe(position);
    await advance(LOG_RETENTION_MS - 60_000);
    await broker.append({ room, keys: [['b']] });
    await advance(LOG_RETENTION_MS - 60_000);
    expect(await broker.read(room, position)).toMatchObject({ status: 'recovered', keys: [['b']] });
  });
}
