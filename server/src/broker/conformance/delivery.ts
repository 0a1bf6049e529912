import type { Envelope, QueryKey } from '@querycast/protocol';
import { envelopeSchema } from '@querycast/protocol/schemas';
import { expect, it } from 'vitest';
import { appendEach, type BrokerUnderTest, createRecorder, expectContiguous, freshRoom } from './harness.js';

/** How envelopes reach subscribers. */
export function deliveryConformance(use: () => BrokerUnderTest): void {
  it('delivers an envelope with everything the append said, and a time', async () => {
    const { broker } = use();
    const room = freshRoom();
    const recorder = createRecorder();
    const { position: prev } = await broker.read(room);
    await broker.subscribe(room, recorder.deliver);
    const keys: QueryKey[] = [['a'], ['list', { page: 1 }]];
    const { position } = await broker.append({ room, keys, id: 'x', reason: 'test', spreadMs: 50 });
    const [envelope] = await recorder.heard(1);
    expect(envelope).toEqual({
      room,
      prev,
      position,
      keys,
      at: expect.any(Number),
      id: 'x',
      reason: 'test',
      spreadMs: 50,
    });
    expect(envelopeSchema.parse(envelope)).toEqual(envelope);
  });

  it('leaves out of the envelope what the append left out', async () => {
    const { broker } = use();
    const room = freshRoom();
    const recorder = createRecorder();
    await broker.subscribe(room, recorder.deliver);
    await broker.append({ room, keys: [['a']] });
    const [envelope = {}] = await recorder.heard(1);
    expect(Object.keys(envelope).sort()).toEqual(['at', 'keys', 'position', 'prev', 'room']);
  });

  it('delivers every append made after subscribe resolved, on every broker of the log', async () => {
    const { broker, peer } = use();
    const room = freshRoom();
    const brokers = peer ? [broker, peer] : [broker];
    const recorders = await Promise.all(
      brokers.map(async (each) => {
        const recorder = createRecorder();
        await each.subscribe(room, recorder.deliver);
        return recorder;
      }),
    );
    for (const each of brokers) await each.append({ room, keys: [['a']] });
    for (const recorder of recorders) expectContiguous(await recorder.heard(brokers.length));
  });

  it('delivers the envelopes of concurrent appends in the order of the log, without a gap', async () => {
    const { broker, peer = broker } = use();
    const room = freshRoom();
    const recorder = createRecorder();
    const { position: start } = await broker.read(room);
    await broker.subscribe(room, recorder.deliver);
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => (n % 3 ? broker : peer).append({ room, keys: [['k', n]] })),
    );
    const envelopes = await recorder.heard(100);
    expect(envelopes[0]?.prev).toBe(start);
    expectContiguous(envelopes);
  });

  it('delivers what was appended, at the position append answered', async () => {
    const { broker } = use();
    const room = freshRoom();
    const recorder = createRecorder();
    await broker.subscribe(room, recorder.deliver);
    const answered = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => ({
        n,
        position: (await broker.append({ room, keys: [['k', n]] })).position,
      })),
    );
    const heard = await recorder.heard(30);
    const byPosition = new Map(heard.map((envelope) => [envelope.position, envelope.keys]));
    for (const { n, position } of answered) expect(byPosition.get(position)).toEqual([['k', n]]);
  });

  it('delivers only the envelopes of the subscribed room', async () => {
    const { broker } = use();
    const [mine, other] = [freshRoom(), freshRoom()];
    const recorder = createRecorder();
    await broker.subscribe(mine, recorder.deliver);
    await broker.append({ room: other, keys: [['a']] });
    await broker.append({ room: mine, keys: [['a']] });
    expect((await recorder.heard(1)).map(({ room }) => room)).toEqual([mine]);
  });

  it('never calls a subscriber while append is being called', async () => {
    const { broker } = use();
    const room = freshRoom();
    const recorder = createRecorder();
    await broker.subscribe(room, recorder.deliver);
    const appending = broker.append({ room, keys: [['a']] });
    expect(recorder.envelopes).toEqual([]);
    await appending;
    await recorder.heard(1);
  });

  it('lets a subscriber append, and delivers that after it has returned', async () => {
    const { broker } = use();
    const room = freshRoom();
    const recorder = createRecorder();
    const appends: Promise<unknown>[] = [];
    let depth = 0;
    const depths: number[] = [];
    await broker.subscribe(room, (envelope) => {
      depth += 1;
      depths.push(depth);
      if (appends.length < 3) appends.push(broker.append({ room, keys: [['k', appends.length]] }));
      depth -= 1;
      recorder.deliver(envelope);
    });
    await broker.append({ room, keys: [['first']] });
    expectContiguous(await recorder.heard(4));
    expect(depths).toEqual([1, 1, 1, 1]);
    await Promise.all(appends);
  });

  it('does not call a subscriber again once unsubscribe was called', async () => {
    const { broker } = use();
    const room = freshRoom();
    const [before, after] = [createRecorder(), createRecorder()];
    const unsubscribe = await broker.subscribe(room, before.deliver);
    await broker.append({ room, keys: [['a']] });
    await before.heard(1);
    const underWay = broker.append({ room, keys: [['b']] });
    const unsubscribing = unsubscribe();
    await Promise.all([underWay, unsubscribing]);
    await broker.subscribe(room, after.deliver);
    await broker.append({ room, keys: [['c']] });
    // Heard on the same path, so anything meant for the first subscriber would have come earlier.
    await after.heard(1);
    expect(before.envelopes).toHaveLength(1);
  });

  it('lets unsubscribe be called twice, without ending a later subscription to the room', async () => {
    const { broker } = use();
    const room = freshRoom();
    const unsubscribe = await broker.subscribe(room, () => {});
    await unsubscribe();
    const recorder = createRecorder();
    await broker.subscribe(room, recorder.deliver);
    await unsubscribe();
    await broker.append({ room, keys: [['a']] });
    await recorder.heard(1);
  });

  it('spares everyone else when a subscriber throws: the append, the other rooms and its own next envelope', async () => {
    const { broker } = use();
    const [faulty, healthy] = [freshRoom(), freshRoom()];
    const [thrown, recorder] = [createRecorder(), createRecorder()];
    await broker.subscribe(faulty, (envelope: Envelope) => {
      thrown.deliver(envelope);
      throw new Error('subscriber fault');
    });
    await broker.subscribe(healthy, recorder.deliver);
    await Promise.all([faulty, healthy, faulty, healthy].map((room) => broker.append({ room, keys: [['a']] })));
    expectContiguous(await recorder.heard(2));
    expectContiguous(await thrown.heard(2));
  });

  it('keeps hundreds of rooms apart that are appended to at the same time', async () => {
    const { broker, peer = broker } = use();
    const rooms = Array.from({ length: 300 }, freshRoom);
    const recorders = await Promise.all(
      rooms.map(async (room) => {
        const recorder = createRecorder();
        await broker.subscribe(room, recorder.deliver);
        return { room, recorder };
      }),
    );
    await Promise.all(
      recorders.map(({ room }, n) => appendEach(n % 2 ? peer : broker, room, [['a'], ['b', n], ['c'], ['a']])),
    );
    for (const { room, recorder } of recorders) {
      const envelopes = await recorder.heard(4);
      expect(envelopes.every((envelope) => envelope.room === room)).toBe(true);
      expectContiguous(envelopes);
    }
  });
}
