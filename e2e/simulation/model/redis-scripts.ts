/** What the Lua scripts of the product do, on the model's data. A test holds them to the scripts on a real server. */
import { canonicalForm, type Position, type QueryKey, type Room } from '@querycast/protocol';
import { freezeKeys } from '../../../server/src/broker/frozen-keys.js';
import type { RedisData, RedisWrite } from './redis-data.js';

/** Where a script runs. */
export interface ScriptPlace {
  readonly data: RedisData;
  /** `master_replid`. */
  readonly incarnation: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Does it here, and sends it to the replica. */
  write(write: RedisWrite): void;
  publish(channel: string, message: string): void;
}

/** A script: `keys` and `args` as Lua gets them, and its answer. */
export type Script = (
  place: ScriptPlace,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
) => unknown;

/** The script that a source is, told by its first words; `undefined` for one that the model does not know. */
export function scriptOf(source: string): Script | undefined {
  return SCRIPTS.find(([words]) => source.includes(words))?.[1];
}

/** `log-head.lua`. */
function openLog({ data, incarnation, write }: ScriptPlace, room: Room, freshEpoch: string): void {
  const head = data.head(room);
  if (!head || head.incarnation !== incarnation) {
    write({ type: 'begin', room, epoch: freshEpoch, incarnation });
    return;
  }
  if (head.offset > 0 && !head.hasLog) write({ type: 'floor', room });
}

/** `log-append.lua`. */
const append: Script = (place, keys, args) => {
  const [head = '', , channel = '', id] = keys;
  const [freshEpoch, , idRetentionMs, , start, end, ...forms] = args.map(String);
  const room = roomOf(head);
  openLog(place, room, freshEpoch ?? '');
  const prev = place.data.position(room);
  if (id !== undefined && place.data.get(id, place.now)) return [prev, place.incarnation];
  const parsed: QueryKey[] = forms.map((form) => JSON.parse(form));
  place.write({ type: 'append', room, keys: freezeKeys(parsed) });
  if (id !== undefined) {
    place.write({ type: 'set', key: id, value: Buffer.from('1'), until: place.now + Number(idRetentionMs) });
  }
  const position = place.data.position(room);
  const at = Math.floor(place.now);
  place.publish(
    channel,
    `${start},"prev":"${prev}","position":"${position}","keys":[${forms.join()}],"at":${at}${end}`,
  );
  return [position, place.incarnation];
};

/** `log-read.lua`. */
const read: Script = (place, keys, args) => {
  const [head = ''] = keys;
  const [freshEpoch, , sinceEpoch, sinceOffset] = args.map(String);
  const room = roomOf(head);
  openLog(place, room, freshEpoch ?? '');
  const since: Position | undefined = sinceEpoch === '' ? undefined : `${sinceEpoch}:${Number(sinceOffset)}`;
  const { position, status, cause, keys: stale } = place.data.read(room, since);
  return [position, place.incarnation, status, cause ?? '', ...stale.map((key) => canonicalForm(key))];
};

/** `cache-get.lua`. */
const cacheGet: Script = ({ data, incarnation, now }, keys) => [
  incarnation,
  keys.map((key) => data.get(key, now) ?? null),
];

/** `cache-replace.lua`. */
const cacheReplace: Script = ({ data, now, write }, [key = ''], [expected, value, ttlMs]) => {
  if (data.get(key, now)?.toString() !== String(expected)) return 0;
  write({ type: 'set', key, value: Buffer.from(String(value)), until: now + Number(ttlMs) });
  return 1;
};

/** `cache-remove.lua`. */
const cacheRemove: Script = ({ data, now, write }, [key = ''], [expected]) => {
  if (data.get(key, now)?.toString() !== String(expected)) return 0;
  write({ type: 'delete', key });
  return 1;
};

const SCRIPTS: readonly (readonly [words: string, script: Script])[] = [
  ['-- Appends one invalidation to the log of a room', append],
  ['-- Reads the log of a room as seen from a position', read],
  ['-- Reads values, and the incarnation of the server', cacheGet],
  ['-- Writes a value over the one that was seen', cacheReplace],
  ['-- Deletes a value if it is the one that was seen', cacheRemove],
];

/** The room in `qc:{parent:42}:head`. */
function roomOf(head: string): Room {
  return head.slice(head.indexOf('{') + 1, head.indexOf('}')) as Room;
}
