import { expect, it } from 'vitest';
import { BrokerUnavailableError } from '../broker.js';
import { type BrokerUnderTest, createRecorder, freshRoom } from './harness.js';

/** What a broker says about being reachable, and what closing ends. */
export function lifecycleConformance(use: () => BrokerUnderTest): void {
  it('says at once that it is live', () => {
    const heard: boolean[] = [];
    use().broker.onLive((live) => heard.push(live));
    expect(heard).toEqual([true]);
  });

  it('names the life of its log when it says that it is live, the same to everybody', () => {
    const { broker } = use();
    const heard: unknown[] = [];
    broker.onLive((_, incarnation) => heard.push(incarnation));
    broker.onLive((_, incarnation) => heard.push(incarnation));
    expect(heard).toEqual([expect.stringMatching(/./), heard[0]]);
  });

  it('says once that it is no longer live when it closes, however often it is closed', async () => {
    const { broker } = use();
    const heard: boolean[] = [];
    broker.onLive((live) => heard.push(live));
    await Promise.all([broker.close(), broker.close()]);
    await broker.close();
    expect(heard).toEqual([true, false]);
  });

  it('says at once that it is not live to whoever asks after it closed', async () => {
    const { broker } = use();
    await broker.close();
    const heard: boolean[] = [];
    broker.onLive((live) => heard.push(live));
    await broker.close();
    expect(heard).toEqual([false]);
  });

  it('says nothing more to a listener that unsubscribed', async () => {
    const { broker } = use();
    const heard: boolean[] = [];
    const unsubscribe = broker.onLive((live) => heard.push(live));
    unsubscribe();
    unsubscribe();
    await broker.close();
    expect(heard).toEqual([true]);
  });

  it('tells every listener, even when one of them throws', async () => {
    const { broker } = use();
    const heard: boolean[] = [];
    broker.onLive(() => {
      throw new Error('listener fault');
    });
    broker.onLive((live) => heard.push(live));
    await broker.close();
    expect(heard).toEqual([true, false]);
  });

  it('rejects append, read and subscribe as unavailable once closed', async () => {
    const { broker } = use();
    await broker.close();
    const room = freshRoom();
    await expect(broker.append({ room, keys: [['a']] })).rejects.toBeInstanceOf(BrokerUnavailableError);
    await expect(broker.read(room)).rejects.toMatchObject({ code: 'broker_unavailable' });
    await expect(broker.subscribe(room, () => {})).rejects.toBeInstanceOf(BrokerUnavailableError);
  });

  it('calls no subscriber once closed, and lets it unsubscribe all the same', async () => {
    const { broker } = use();
    const room = freshRoom();
    const recorder = createRecorder();
    const unsubscribe = await broker.subscribe(room, recorder.deliver);
    const appending = broker.append({ room, keys: [['a']] }).catch(() => undefined);
    const closing = broker.close();
    const heardBefore = recorder.envelopes.length;
    await Promise.all([appending, closing]);
    await unsubscribe();
    expect(recorder.envelopes).toHaveLength(heardBefore);
  });
}
