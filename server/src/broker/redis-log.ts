import { randomBytes } from 'node:crypto';
import {
  ID_RETENTION_MS,
  LOG_RETENTION_MS,
  MAX_LOG_ENTRIES,
  type Position,
  parsePosition,
  type Room,
} from '@querycast/protocol';
import { positionSchema, queryKeySchema, rowStatusSchema } from '@querycast/protocol/schemas';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import type { Append, Appended, LogRead } from './broker.js';
import { freezeKeys } from './frozen-keys.js';
import { redisNames } from './redis-names.js';
import { loadRedisScript } from './redis-scripts.js';

/** The logs of all rooms, on a Redis server. */
export interface RedisLog {
  /** Appends and publishes, atomically. Rejects as the client does, or when the answer makes no sense. */
  append(append: Append): Promise<Appended>;
  /** Reads one room's log. Rejects as {@link append}. */
  read(room: Room, since?: Position): Promise<LogRead>;
}

const APPEND = loadRedisScript('log-append');
const READ = loadRedisScript('log-read');

/** No epoch looks like this: what is not a position counts as one of another epoch. */
const NO_EPOCH = '?';

const appendedSchema = z.tuple([positionSchema, z.string().min(1)]);
const readSchema = z.tuple(
  [positionSchema, z.string().min(1), rowStatusSchema, z.enum(['', 'epoch', 'floor'])],
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(queryKeySchema),
);

/** Creates the logs under a key prefix. */
export function createRedisLog(options: { readonly commands: Redis | Cluster; readonly prefix: string }): RedisLog {
  const { commands, prefix } = options;
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
      const [position, incarnation, status, cause, ...keys] = readSchema.parse(reply);
      return { position, incarnation, status, ...(cause === '' ? {} : { cause }), keys };
    },
  };
}

/** 96 random bits: no two sequences of a room ever share an epoch. Made here because scripts have no good randomness. */
function freshEpoch(): string {
  return randomBytes(12).toString('hex');
}

/** The optional fields of an envelope and its end, as JSON text behind the fields that the script writes. */
function envelopeEnd(rest: Omit<Append, 'room' | 'keys'>): string {
  const { id, reason, spreadMs } = rest;
  const text = JSON.stringify({ id, reason, spreadMs });
  return text === '{}' ? '}' : `,${text.slice(1)}`;
}
