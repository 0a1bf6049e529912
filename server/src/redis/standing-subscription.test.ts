import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { standSubscription } from './standing-subscription.js';

/** A client whose server answers as told; the real one is in the tests of the control plane and of the Redis door. */
class Client extends EventEmitter {
  status = 'ready';
  isCluster = false;
  /** What it would send by itself when the slots of a cluster move. */
  notes: string[] = [];

  async subscribe(channel: string): Promise<void> {
    subscribed += 1;
    this.notes.push(channel);
    await (answers.shift() ?? accept)();
  }
  async unsubscribe(channel: string): Promise<void> {
    told.push('unsubscribed');
    this.notes = this.notes.filter((noted) => noted !== channel);
  }
  ssubscribe = this.subscribe;
  sunsubscribe = this.unsubscribe;
}

let client: Client;
let answers: (() => Promise<void>)[];
let subscribed: number;
let told: string[];
let end: () => Promise<void>;

const accept = async () => {};
const refuse = async () => {
  throw new Error('refused');
};

beforeEach(() => {
  vi.useFakeTimers();
  client = new Client();
  answers = [];
  subscribed = 0;
  told = [];
});

afterEach(async () => {
  await end();
  vi.useRealTimers();
});

async function stand(channel = 'news', isSharded = true): Promise<void> {
  end = standSubscription({
    client,
    channel,
    isSharded,
    onStanding: () => told.push('standing'),
    onFailure: () => told.push('failed'),
  });
  await vi.advanceTimersByTimeAsync(0);
}

it('is repeated every ten seconds, so that a dead link shows, and tells of it only once', async () => {
  await stand();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(subscribed).toBe(4);
  expect(told).toEqual(['standing']);
});

it('is not repeated on a cluster, whose client would remember each time, but again after a change of its servers', async () => {
  client.isCluster = true;
  await stand();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(subscribed).toBe(1);
  client.emit('subscribersReady');
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(['standing', 'unsubscribed', 'standing']);
});

it.each(['refused for a day', 'that stood whenever slots moved'])(
  'is noted once by the client of a cluster, though %s',
  async (what) => {
    client.isCluster = true;
    answers = what === 'refused for a day' ? Array(86_400).fill(refuse) : [];
    await stand();
    if (answers.length > 0) await vi.advanceTimersByTimeAsync(100_000);
    else for (let moves = 0; moves < 100; moves += 1) client.emit('subscribersReady');
    expect(subscribed).toBe(101);
    expect(client.notes).toEqual(['news']);
  },
);

it('of all messages, not of sharded ones, is repeated on a cluster without an end to it: what comes meanwhile is heard', async () => {
  client.isCluster = true;
  await stand('news', false);
  client.emit('subscribersReady');
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(['standing', 'standing']);
});

it('refuses a client that serves another kind, or the same channel, until that has ended', async () => {
  await stand();
  await expect(stand('other', false)).rejects.toThrow(TypeError);
  await expect(stand()).rejects.toThrow(/news needs one of its own/);
  await end();
  await stand('other', false);
  expect(told).toEqual(['standing', 'unsubscribed', 'standing']);
});

it('is tried again a second after a refusal', async () => {
  answers = [refuse, accept];
  await stand();
  await vi.advanceTimersByTimeAsync(999);
  expect(told).toEqual(['failed']);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual(['failed', 'standing']);
});

it('asks nothing of a client that is away, and stands again with each connection', async () => {
  client.status = 'reconnecting';
  await stand();
  expect(subscribed).toBe(0);
  client.status = 'ready';
  for (let connection = 0; connection < 2; connection += 1) {
    client.emit('ready');
    await vi.advanceTimersByTimeAsync(0);
    client.emit('close');
  }
  expect(told).toEqual(['standing', 'standing']);
});

it('ends once, asking for nothing more, also of a client that is away', async () => {
  await stand();
  await end();
  await end();
  client.emit('ready');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(subscribed).toBe(1);
  expect(told).toEqual(['standing', 'unsubscribed']);
  expect(client.eventNames()).toEqual([]);
});
