import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Envelope, Room } from '@querycast/protocol';
import { createGateway } from '@querycast/server';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BrokerUnavailableError } from '../../../server/src/broker/broker.js';
import { fuzz, TIMEOUT_MS } from '../run/fuzz.js';
import { areGoodKeys, isGoodEnvelope, isGoodPosition } from '../run/judge.js';
import { liveBroker } from '../run/live-broker.js';
import { createMarks } from '../run/marks.js';
import { parsedJson } from '../run/parsed-json.js';
import { rawClient } from '../run/raw-client.js';
import { envelope, key, ROOMS } from '../values/messages.js';
import { bytesOf, mutatedText } from '../values/mutated.js';
import { nastyText } from '../values/nasty.js';

const ROOM = ROOMS[0] as Room;

/** Largest frame to a client, in bytes of JSON, and most keys of one. */
const [MAX_FRAME, MAX_KEYS] = [65_536, 256];

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test(
  'what Redis carries to a gateway is an envelope of its room, or refused; clients hear of nothing else',
  async () => {
    const { broker, prefix, commands, countOf, close } = await liveBroker(redis);
    const delivered: Envelope[] = [];
    const marks = createMarks();
    await broker.subscribe(ROOM, (each) => marks.come(each.id) || delivered.push(each));
    const http = createServer();
    const gateway = createGateway({
      broker,
      authenticate: async () => ({ id: 'u', claims: {} }),
      roomsOf: () => [ROOM],
    }).attach(http);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const client = await rawClient(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    client.send('40{"token":"t","protocol":1}');
    await client.until('42["ready"');
    const channels = (await redis.cli('PUBSUB', 'SHARDCHANNELS', `${prefix}*`)).split('\n');
    const [beats = ''] = channels.filter((name) => !name.includes(ROOM));

    const outcomes = await fuzz({
      door: 'the channels of the broker',
      seed: 112,
      input: fc.record({ bytes: bytesOf(mutatedText(envelope)), isBeat: fc.nat(9).map((at) => at === 0) }),
      async judge({ bytes, isBeat }) {
        const before = countOf('broker_malformed_total');
        await commands.spublish(isBeat ? beats : `${prefix}{${ROOM}}`, bytes);
        // What comes later on the same connection is heard later.
        const mark = { room: ROOM, prev: 'm:1', position: 'm:2', keys: [['mark']], at: 1 };
        await marks.after((id) => commands.spublish(`${prefix}{${ROOM}}`, JSON.stringify({ ...mark, id })));
        const value = parsedJson(bytes.toString());
        const isGood = !isBeat && isGoodEnvelope(value, ROOM);
        expect(delivered.splice(0)).toEqual(isGood ? [value] : []);
        expect(countOf('broker_malformed_total')).toBe(before + (isGood || isBeat ? 0 : 1));
        return isBeat ? 'a beat' : isGood ? 'an envelope' : 'refused';
      },
      async afterwards() {
        await broker.append({ room: ROOM, keys: [['the last']] });
        let last = '';
        while (!last.includes('["the last"]') && !last.startsWith('42["resync"')) {
          last = (await client.until('42[')) ?? '';
          expect(last).not.toBe('');
          expectGoodMessage(last);
        }
      },
    });
    expect(Object.keys(outcomes).sort()).toEqual(['a beat', 'an envelope', 'refused']);
    client.close();
    await gateway.close();
    await close();
    http.close();
  },
  TIMEOUT_MS,
);

const field = fc.constantFrom('epoch', 'offset', 'floor', 'incarnation', 'x');
const score = fc.constantFrom('0', '1', '-1', '2', '1.5', '1e300', 'inf', '-inf', '9007199254740993');
const junk = fc.oneof(nastyText, fc.constantFrom('nan', 'inf', '1e400', '-0', '0x10', '1 ', 'e:e', '9007199254740993'));

/** A hand in the keys of a room: whose it was is not known. */
const tampering = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(score, mutatedText(key)).map(([at, member]) => ['zadd', 'log', at, member]) },
  { weight: 3, arbitrary: fc.tuple(field, junk).map(([name, value]) => ['hset', 'head', name, value]) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('log', 'head'), junk).map(([name, value]) => ['set', name, value]) },
  { weight: 1, arbitrary: fc.constantFrom('log', 'head').map((name) => ['del', name]) },
  { weight: 1, arbitrary: field.map((name) => ['hdel', 'head', name]) },
);

test(
  'a log that somebody else wrote to is never read as more than it can prove, and serves again once it is gone',
  async () => {
    const { broker, prefix, commands, close } = await liveBroker(redis);
    const outcomes = await fuzz({
      door: 'logs in Redis',
      seed: 113,
      share: 0.25,
      input: fc.array(tampering, { minLength: 1, maxLength: 3 }),
      async judge(tamperings) {
        const names = { log: `${prefix}{${ROOM}}:log`, head: `${prefix}{${ROOM}}:head` };
        await commands.del(names.log, names.head);
        const { position } = await broker.append({ room: ROOM, keys: [['first']] });
        await broker.append({ room: ROOM, keys: [['second']] });
        for (const [command = '', name, ...rest] of tamperings) {
          // Some of them Redis itself refuses.
          await commands.call(command, name === 'log' ? names.log : names.head, ...rest).catch(() => {});
        }
        return await readAndAppend(position);
      },
      async afterwards() {
        await commands.del(`${prefix}{${ROOM}}:log`, `${prefix}{${ROOM}}:head`);
        const { position } = await broker.read(ROOM);
        await broker.append({ room: ROOM, keys: [['good']] });
        expect(await broker.read(ROOM, position)).toMatchObject({ status: 'recovered', keys: [['good']] });
      },
    });
    expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['recovered', 'resync']));
    await close();

    async function readAndAppend(position: string): Promise<string> {
      try {
        const read = await broker.read(ROOM, position as never);
        expect(isGoodPosition(read.position)).toBe(true);
        expect(areGoodKeys(read.keys, 0, Number.POSITIVE_INFINITY), 'keys within the limits').toBe(true);
        if (read.status !== 'recovered') expect(read.keys).toEqual([]);
        const appended = await broker.append({ room: ROOM, keys: [['third']] });
        expect(isGoodPosition(appended.position)).toBe(true);
        return read.status;
      } catch (error) {
        if (!(error instanceof BrokerUnavailableError)) throw error;
        return 'unavailable';
      }
    }
  },
  TIMEOUT_MS,
);

function expectGoodMessage(message: string): void {
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(MAX_FRAME + 100);
  const [name, body] = parsedJson(message.slice(2)) as [string, Record<string, unknown>];
  expect(['invalidate', 'resync', 'status', 'joined']).toContain(name);
  if (name !== 'invalidate') return;
  expect(isGoodPosition(body['prev']) && isGoodPosition(body['position'])).toBe(true);
  expect(areGoodKeys(body['keys'], 1, MAX_KEYS)).toBe(true);
}
