import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createGateway, createMemoryBroker } from '@querycast/server';
import { redisAdapter } from '@querycast/server/redis';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisCommands, redisSubscriber } from '../../../server/src/redis/connect.js';
import { countingMetrics } from '../run/counting-metrics.js';
import { fuzz, TIMEOUT_MS } from '../run/fuzz.js';
import { hasOnly } from '../run/judge.js';
import { createMarks } from '../run/marks.js';
import { parsedJson } from '../run/parsed-json.js';
import { bytesOf, mutatedText } from '../values/mutated.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const target = fc.oneof(
  fc.record({ user: fc.constantFrom('u', 'x'.repeat(256)) }),
  fc.record({ session: fc.constantFrom('s', 't') }),
);
const eviction = fc.record({ target, code: fc.constantFrom('logged_out', 'deactivated') });
const journal = fc.array(fc.record({ target, code: fc.constantFrom('logged_out'), agoMs: fc.constantFrom(0, 1_000) }), {
  maxLength: 3,
});

const uid = fc.constantFrom('peer', 'x'.repeat(64));
const question = fc.oneof(
  eviction.map((each) => ['evict', each]),
  journal.map((each) => ['exchange', each]),
);
const requestId = fc.constantFrom('1', 'r'.repeat(64));
const message = fc.oneof(
  { weight: 4, arbitrary: envelope(9, question) },
  { weight: 1, arbitrary: envelope(10, fc.oneof(fc.constant(true), journal)) },
  // What the adapter itself would do: to clients, for whoever can publish to Redis.
  {
    weight: 1,
    arbitrary: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13).chain((type) => envelope(type, question)),
  },
);

function envelope(type: number, packet: fc.Arbitrary<unknown>) {
  const opts = fc.constant({ rooms: [], except: [], flags: {} });
  return fc.record({
    uid,
    nsp: fc.constant('/'),
    type: fc.constant(type),
    data: fc.record({ requestId, packet, opts }),
  });
}

test(
  'what comes from other nodes evicts whom it names, or is refused and changes nothing',
  async () => {
    const prefix = `qc-${randomBytes(6).toString('hex')}:`;
    const { metrics, countOf } = countingMetrics();
    const [commands, subscriber] = [redisCommands(redis), redisSubscriber(redis)];
    let hearing = () => {};
    const heard = new Promise<void>((resolve) => {
      hearing = resolve;
    });
    const evictions: { readonly user?: string; readonly session?: string }[] = [];
    const errors: string[] = [];
    const marks = createMarks();
    const http = createServer();
    const broker = createMemoryBroker();
    const gateway = createGateway({
      broker,
      metrics: {
        ...metrics,
        count: (name, labels) => (name === 'heartbeats_total' ? hearing() : metrics.count(name, labels)),
      },
      logger: { debug() {}, info() {}, warn() {}, error: (_: object, text: string) => void errors.push(text) },
      authenticate: async () => ({ id: 'u', session: 's', claims: {} }),
      roomsOf: () => [],
      evicted: (each) => void (marks.come('session' in each && each.session) || evictions.push(each)),
      adapter: redisAdapter({
        commands,
        subscriber,
        prefix,
        metrics: {
          ...metrics,
          count: (name, labels) => (name === 'heartbeats_total' ? hearing() : metrics.count(name, labels)),
        },
      }),
    }).attach(http);
    await heard;
    const channels = (await redis.cli('PUBSUB', 'SHARDCHANNELS', `${prefix}control*`))
      .split('\n')
      .filter((name) => !name.includes('beat'));
    expect(channels).toHaveLength(2);

    const [main = ''] = channels.sort((one, other) => one.length - other.length);
    const outcomes = await fuzz({
      door: 'messages of other nodes',
      seed: 109,
      input: fc.record({ bytes: bytesOf(mutatedText(message)), at: fc.nat(1) }),
      async judge({ bytes, at }) {
        const before = countOf('peer_messages_refused_total');
        const channel = channels[at] ?? '';
        await commands.spublish(channel, bytes);
        // What comes later on the same connection is heard later.
        await marks.after((session) => commands.spublish(main, JSON.stringify(evictionOf(session))));
        const refused = countOf('peer_messages_refused_total') - before;
        const told = evictions.splice(0);
        expect(errors).toEqual([]);
        const names = namedIn(parsedJson(bytes.toString()));
        for (const each of told) expect(names).toContain(each.user ?? each.session);
        if (refused > 0) expect(told).toEqual([]);
        return refused > 0 ? 'refused' : told.length > 0 ? 'evicted' : 'nothing';
      },
    });
    expect(Object.keys(outcomes).sort()).toEqual(['evicted', 'nothing', 'refused']);
    await gateway.close();
    await broker.close();
    for (const client of [commands, subscriber]) client.disconnect();
    http.close();
  },
  TIMEOUT_MS,
);

function evictionOf(session: string) {
  const packet = ['evict', { target: { session }, code: 'deactivated' }];
  return { uid: 'peer', nsp: '/', type: 9, data: { requestId: 'r', packet } };
}

/** The users and sessions that a question names, in the places where it may; nobody in anything else. */
function namedIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, data } = value as { type: unknown; data: { packet?: unknown } };
  const packet = data?.packet;
  if (type !== 9 || !Array.isArray(packet) || packet.length !== 2) return [];
  const [name, body] = packet;
  const entries: unknown[] = name === 'evict' ? [body] : name === 'exchange' && Array.isArray(body) ? body : [];
  return entries.flatMap((each) => {
    const named = (each as { target?: unknown } | null)?.target;
    if (!hasOnly(named, [], ['user', 'session'])) return [];
    return [named['user'], named['session']].filter(
      (id) => typeof id === 'string' && id.length >= 1 && id.length <= 256,
    );
  });
}
