import { type Position, parsePosition, type QueryKey, type Room } from '@querycast/protocol';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Append } from '../../../server/src/broker/broker.js';
import { createRedisLog, type RedisLog } from '../../../server/src/broker/redis-log.js';
import { silentLogger } from '../../../server/src/observability/logger.js';
import { noMetrics } from '../../../server/src/observability/metrics.js';
import { redisCommands } from '../../../server/src/redis/connect.js';
import { createRandom, type Random } from '../chance/random.js';
import { createVirtualTime } from '../chance/virtual-time.js';
import { fairWeather } from './pipe.js';
import { createRedisServer } from './redis-server.js';

const PREFIX = 'qc:';
const ROOMS: readonly Room[] = ['class:0', 'class:1'];

/** A log, and what can be done to its server. */
interface Place {
  readonly log: RedisLog;
  remove(key: string): Promise<unknown>;
  /** The server begins another life: its data stays, what names it changes. */
  beginNewLife(): Promise<unknown>;
}

type Step =
  | { readonly type: 'append'; readonly append: Append }
  /** `since`: which of the positions seen before, or one that is none. */
  | { readonly type: 'read'; readonly room: Room; readonly since: number | 'none' | 'malformed' }
  | { readonly type: 'remove'; readonly key: string }
  | { readonly type: 'new life' };

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.close());

test.each([1, 2, 3, 4, 5, 6])('the model of Redis answers as the scripts on a real one do, seed %i', async (seed) => {
  const steps = randomSteps(createRandom(seed), 250);
  const client = redisCommands({ url: redis.url });
  await new Promise((resolve) => client.once('ready', resolve));
  await redis.cli('FLUSHALL');
  try {
    expect(await answersOf(modelPlace(seed), steps)).toEqual(await answersOf(realPlace(client), steps));
  } finally {
    client.disconnect();
  }
});

function randomSteps(random: Random, count: number): Step[] {
  return Array.from({ length: count }, (): Step => {
    const room = random.pick(ROOMS);
    const dice = random.next();
    if (dice < 0.5) return { type: 'append', append: randomAppend(random, room) };
    if (dice < 0.9)
      return {
        type: 'read',
        room,
        since: random.chance(0.8) ? random.below(1_000) : random.pick(['none', 'malformed']),
      };
    if (dice < 0.98) return { type: 'remove', key: `${PREFIX}{${room}}:${random.pick(['log', 'log', 'head'])}` };
    return { type: 'new life' };
  });
}

/** A few keys mostly; at times so many that the log drops the oldest. */
function randomAppend(random: Random, room: Room): Append {
  const isWide = random.chance(0.2);
  const count = isWide ? 64 : 1 + random.below(3);
  const keys = Array.from({ length: count }, (): QueryKey => ['k', random.below(isWide ? 400 : 6)]);
  return { room, keys, ...(random.chance(0.3) && { id: `id-${random.below(8)}` }) };
}

/** Every answer, with epochs named by the order in which they came. */
async function answersOf({ log, remove, beginNewLife }: Place, steps: readonly Step[]): Promise<unknown[]> {
  const seen = new Map<Room, Position[]>(ROOMS.map((room) => [room, []]));
  const epochs: string[] = [];
  const name = (room: Room, position: Position) => {
    seen.get(room)?.push(position);
    const { epoch = '', offset } = parsePosition(position) ?? {};
    if (!epochs.includes(epoch)) epochs.push(epoch);
    return `epoch ${epochs.indexOf(epoch)}, ${offset}`;
  };
  const answers: unknown[] = [];
  for (const step of steps) {
    if (step.type === 'append') answers.push(name(step.append.room, (await log.append(step.append)).position));
    else if (step.type === 'remove') await remove(step.key);
    else if (step.type === 'new life') await beginNewLife();
    else {
      const { position, status, cause, keys } = await log.read(
        step.room,
        sinceOf(seen.get(step.room) ?? [], step.since),
      );
      answers.push([name(step.room, position), status, cause, new Set(keys.map((key) => JSON.stringify(key)))]);
    }
  }
  return answers;
}

function sinceOf(seen: readonly Position[], since: number | 'none' | 'malformed'): Position | undefined {
  if (since === 'none') return undefined;
  return since === 'malformed'
    ? ('no position' as Position)
    : seen.at(-1 - (since % Math.max(1, Math.min(seen.length, 12))));
}

function realPlace(client: ReturnType<typeof redisCommands>): Place {
  return {
    log: createRedisLog({ commands: client, prefix: PREFIX, logger: silentLogger, metrics: noMetrics }),
    remove: (key) => redis.cli('DEL', key),
    async beginNewLife() {
      // A replica of nobody who is promoted: what Sentinel does, without anybody's data.
      await redis.cli('REPLICAOF', '127.0.0.1', '1');
      await redis.cli('REPLICAOF', 'NO', 'ONE');
    },
  };
}

function modelPlace(seed: number): Place {
  const time = createVirtualTime();
  const random = createRandom(seed);
  const server = createRedisServer('model', { time, random, trace: () => {}, unknown: (what) => new Error(what) });
  const connection = server.connect(fairWeather(), time.world, { onMessage: () => {}, onLost: () => {} });
  const run =
    (command: string) =>
    async (...args: (string | number)[]) =>
      server.execute(connection, command, args);
  const commands = { eval: run('EVAL'), evalsha: run('EVALSHA') } as never;
  return {
    log: createRedisLog({ commands, prefix: PREFIX, logger: silentLogger, metrics: noMetrics }),
    async remove(key) {
      const room = key.slice(key.indexOf('{') + 1, key.indexOf('}')) as Room;
      server.data.apply({ type: key.endsWith(':log') ? 'evict_log' : 'evict_head', room });
    },
    async beginNewLife() {
      server.replid = random.hex(20);
    },
  };
}
