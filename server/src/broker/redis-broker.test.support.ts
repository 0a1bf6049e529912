import { randomBytes } from 'node:crypto';
import { canonicalForm, type Position, type QueryKey, type Room } from '@querycast/protocol';
import type { Cluster, Redis } from 'ioredis';
import { expect } from 'vitest';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import type { RedisTarget } from '../redis/redis-target.js';
import type { Broker } from './broker.js';
import type { BrokerUnderTest } from './conformance/harness.js';
import { createRedisBroker, type RedisBroker } from './redis-broker.js';

/** A broker with clients of its own. */
export interface ConnectedBroker {
  readonly broker: RedisBroker;
  readonly commands: Redis | Cluster;
  readonly subscriber: Redis | Cluster;
  readonly prefix: string;
  close(): Promise<void>;
}

/** Makes a broker as an application does; its prefix is random unless given. It may not be live yet. */
export function connectBroker(
  target: RedisTarget,
  options: { readonly prefix?: string; readonly logger?: Logger; readonly metrics?: Metrics } = {},
): ConnectedBroker {
  const { prefix = `test-${randomBytes(6).toString('hex')}:`, ...observability } = options;
  const commands = redisCommands(target, observability);
  const subscriber = redisSubscriber(target, observability);
  const broker = createRedisBroker({ commands, subscriber, prefix, ...observability });
  return {
    broker,
    commands,
    subscriber,
    prefix,
    async close() {
      await broker.close();
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

/** Resolves once the broker says that it is live, or not live; answers the incarnation that came with it. */
export async function becomes(broker: Broker, live: boolean): Promise<string | undefined> {
  let unlisten: () => void = () => undefined;
  const incarnation = await new Promise<string | undefined>((resolve) => {
    unlisten = broker.onLive((isLive, named) => {
      if (isLive === live) resolve(named);
    });
  });
  unlisten();
  return incarnation;
}

/**
 * Two live brokers of one prefix, for the conformance suite; ages what the server remembers by its expiries, as `admin`
 * where the brokers may not.
 */
export async function makeConformanceBroker(
  target: RedisTarget,
  { admin, prefix }: { readonly admin?: RedisTarget; readonly prefix?: string } = {},
): Promise<BrokerUnderTest> {
  const one = connectBroker(target, prefix === undefined ? {} : { prefix });
  const ageing = admin ? redisCommands(admin) : one.commands;
  const two = connectBroker(target, { prefix: one.prefix });
  await Promise.all([becomes(one.broker, true), becomes(two.broker, true)]);
  return {
    broker: one.broker,
    peer: two.broker,
    async advance(elapsedMs) {
      const nodes = 'nodes' in ageing ? ageing.nodes('master') : [ageing];
      for (const node of nodes) {
        for (const key of await node.keys(`${one.prefix}*`)) {
          const leftMs = await node.pttl(key);
          if (leftMs > elapsedMs) await node.pexpire(key, leftMs - elapsedMs);
          else await node.del(key);
        }
      }
    },
    async close() {
      await Promise.all([one.close(), two.close()]);
      ageing.disconnect();
    },
  };
}

/** How many remembered positions were answered in which way. */
export interface Verdict {
  readonly recovered: number;
  readonly epoch: number;
  readonly floor: number;
}

/** Everything that was ever acknowledged, by whichever server, in the order of time. */
export interface History {
  /** Appends to each of its rooms in turn; remembers the position before and after every one. */
  append(broker: Broker, count: number): Promise<void>;
  /**
   * Appends on a master that another one has replaced already: what it acknowledges is lost, and so none of its
   * positions may ever be answered `recovered`.
   */
  appendInVain(broker: Broker, count: number): Promise<void>;
  /**
   * Reads every position ever remembered: fails unless each is answered `resync`, or `recovered` with all keys
   * acknowledged after it.
   */
  expectNothingMissing(broker: Broker): Promise<Verdict>;
}

/** Creates an empty history of some rooms. `padding` makes keys large, in characters. */
export function createHistory(roomCount = 3, padding = 0): History {
  const rooms = Array.from({ length: roomCount }, (): Room => `room:${randomBytes(6).toString('hex')}`);
  const acknowledged = new Map<Room, string[]>(rooms.map((room) => [room, []]));
  const remembered: { readonly room: Room; readonly position: Position; readonly after: number }[] = [];
  const lost: { readonly room: Room; readonly position: Position }[] = [];
  let appends = 0;

  function next(): { readonly room: Room; readonly key: QueryKey } {
    const room = rooms[appends % rooms.length] ?? 'room:none';
    const key: QueryKey = ['key', appends, 'x'.repeat(padding)];
    appends += 1;
    return { room, key };
  }

  function remember(room: Room, position: Position): void {
    remembered.push({ room, position, after: acknowledged.get(room)?.length ?? 0 });
  }

  return {
    async append(broker, count) {
      for (let n = 0; n < count; n += 1) {
        const { room, key } = next();
        remember(room, (await broker.read(room)).position);
        const { position } = await broker.append({ room, keys: [key] });
        acknowledged.get(room)?.push(canonicalForm(key));
        remember(room, position);
      }
    },
    async appendInVain(broker, count) {
      for (let n = 0; n < count; n += 1) {
        const { room, key } = next();
        lost.push({ room, position: (await broker.append({ room, keys: [key] })).position });
      }
    },
    async expectNothingMissing(broker) {
      const verdict = { recovered: 0, epoch: 0, floor: 0 };
      const reads = remembered.map(async ({ room, position, after }) => {
        const { status, cause, keys } = await broker.read(room, position);
        if (status === 'recovered') {
          const answered = new Set(keys.map(canonicalForm));
          const missing = (acknowledged.get(room) ?? []).slice(after).filter((key) => !answered.has(key));
          expect(missing, `keys missing after ${position}`).toEqual([]);
        } else expect(keys).toEqual([]);
        verdict[cause ?? 'recovered'] += 1;
      });
      await Promise.all(reads);
      for (const { room, position } of lost) expect((await broker.read(room, position)).status).toBe('resync');
      return verdict;
    },
  };
}
