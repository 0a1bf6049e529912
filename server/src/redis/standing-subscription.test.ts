import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { standSubscription } from './standing-subscription.js';

/** A client whose server answers as told; the real one is in the tests of the control plane and of the Redis door. */
class Client extends EventEmitter {
  status = 'ready';
  isCluster = false;
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

async function stand(): Promise<void> {
  end = standSubscription({
    client,
    subscribe() {
      subscribed += 1;
      return (answers.shift() ?? accept)();
    },
    unsubscribe: async () => void told.push('unsubscribed'),
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
  expect(told).toEqual(['standing', 'standing']);
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
