import { randomBytes } from 'node:crypto';
import {
  ID_RETENTION_MS,
  LOG_RETENTION_MS,
  MAX_LOG_ENTRIES,
  type Position,
  parsePosition,
  type QueryKey,
  type Room,
} from '@querycast/protocol';
import { positionSchema, queryKeySchema, rowStatusSchema } from '@querycast/protocol/schemas';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { luaScript, readLua } from '../redis/lua-script.js';
import type { Append, Appended, LogRead } from './broker.js';
import { freezeKeys } from './frozen-keys.js';
import { redisNames } from './redis-names.js';

/** The logs of all rooms, on a Redis server. */
export interface RedisLog {
  /** Appends and publishes, atomically. Rejects as the client does, or when the answer makes no sense. */
  append(append: Append): Promise<Appended>;
  /** Reads one room's log. Rejects as {@link append}. */
  read(room: Room, since?: Position): Promise<LogRead>;
}

/** Every script begins with the head check. */
const HEAD = readLua('broker', 'log-head');
const APPEND = luaScript(`${HEAD}\n${readLua('broker', 'log-append')}`);
const READ = luaScript(`${HEAD}\n${readLua('broker', 'log-read')}`);

/** No epoch looks like this: what is not a position counts as one of another epoch. */
const NO_EPOCH = '?';

const appendedSchema = z.tuple([positionSchema, z.string().min(1)]);
const readSchema = z.tuple(
  [positionSchema, z.string().min(1), rowStatusSchema, z.enum(['', 'epoch', 'floor'])],
  z.string(),
);

/** Creates the logs under a key prefix. */
export function createRedisLog(options: {
  readonly commands: Redis | Cluster;
  readonly prefix: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): RedisLog {
  const { commands, prefix, logger, metrics } = options;
  const names = redisNames(prefix);

  return {
    async append({ room, keys, ...rest }) {
      const touched = [names.head(room), names.log(room), names.channel(room)];
      if (rest.id !== undefined) touched.push(names.id(room, rest.id));
      const reply = await APPEND.run(commands, touched, [
        freshEpoch(),
        LOG_RETENTION_MS,
        ID_RETENTION_MS,
        MAX_LOG_ENTRIES,
        `{"room":${JSON.stringify(room)}`,
        envelopeEnd(rest),
        ...freezeKeys(keys).forms,
      ]);
      const [position, incarnation] = appendedSchema.parse(reply);
      return { position, incarnation };
    },
    async read(room, since) {
      const from = since === undefined ? undefined : (parsePosition(since) ?? { epoch: NO_EPOCH, offset: 0 });
      const reply = await READ.run(
        commands,
        [names.head(room), names.log(room)],
        [freshEpoch(), LOG_RETENTION_MS, from?.epoch ?? '', from?.offset ?? 0],
      );
      const [position, incarnation, status, cause, ...entries] = readSchema.parse(reply);
      const keys = parseKeys(entries);
      if (!keys) {
        // Somebody else wrote to the log. What is stale cannot be told, and failing would fail for ever.
        metrics.count('broker_malformed_total', { source: 'log' });
        logger.error({ room, entries: entries.length }, 'log holds no query keys');
        return { position, incarnation, status: 'resync', cause: 'floor', keys: [] };
      }
      return { position, incarnation, status, ...(cause === '' ? {} : { cause }), keys };
    },
  };
}

/** 96 random bits: no two sequences of a room ever share an epoch. Made here because scripts have no good randomness. */
function freshEpoch(): string {
  return randomBytes(12).toString('hex');
}

function parseKeys(entries: readonly string[]): QueryKey[] | undefined {
  try {
    return entries.map((entry) => queryKeySchema.parse(JSON.parse(entry)));
  } catch {
    // Neither JSON nor a query key: the caller counts and logs it, without its content.
    return undefined;
  }
}

/** The optional fields of an envelope and its end, as JSON text behind the fields that the script writes. */
function envelopeEnd(rest: Omit<Append, 'room' | 'keys'>): string {
  const { id, reason, spreadMs } = rest;
  const text = JSON.stringify({ id, reason, spreadMs });
  return text === '{}' ? '}' : `,${text.slice(1)}`;
}
