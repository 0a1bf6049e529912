import { formatPosition, type Position, parsePosition, type Room } from '@querycast/protocol';
import type { LogRead } from '../../../server/src/broker/broker.js';
import type { FrozenKeys } from '../../../server/src/broker/frozen-keys.js';
import { createRoomLog, type RoomLog } from '../../../server/src/broker/room-log.js';

/** One write, as a master sends it to its replica. */
export type RedisWrite =
  /** A room's sequence begins anew. */
  | { readonly type: 'begin'; readonly room: Room; readonly epoch: string; readonly incarnation: string }
  | { readonly type: 'append'; readonly room: Room; readonly keys: FrozenKeys }
  /** Nothing before the present offset can be recovered any more. */
  | { readonly type: 'floor'; readonly room: Room }
  | { readonly type: 'evict_log'; readonly room: Room }
  | { readonly type: 'evict_head'; readonly room: Room }
  | { readonly type: 'set'; readonly key: string; readonly value: Buffer; readonly until: number }
  | { readonly type: 'delete'; readonly key: string };

interface Head {
  readonly epoch: string;
  readonly incarnation: string;
  /** The offset at which the present log key began: its own offsets count from there. */
  readonly base: number;
  /** Raised because a log key went away; the log has a floor of its own besides. */
  readonly floor: number;
  /** `undefined` while the key does not exist. */
  readonly log: RoomLog | undefined;
}

/** What one server holds. A copy is made by doing all writes again. */
export class RedisData {
  readonly writes: RedisWrite[] = [];
  readonly #heads = new Map<Room, Head>();
  readonly #values = new Map<string, { readonly value: Buffer; readonly until: number }>();

  static of(writes: readonly RedisWrite[]): RedisData {
    const data = new RedisData();
    for (const write of writes) data.apply(write);
    return data;
  }

  apply(write: RedisWrite): void {
    this.writes.push(write);
    if (write.type === 'set') this.#values.set(write.key, write);
    else if (write.type === 'delete') this.#values.delete(write.key);
    else if (write.type === 'begin') {
      const { room, epoch, incarnation } = write;
      this.#heads.set(room, { epoch, incarnation, base: 0, floor: 0, log: undefined });
    } else if (write.type === 'evict_head') this.#heads.delete(write.room);
    else this.#change(write);
  }

  #change(write: Extract<RedisWrite, { readonly type: 'append' | 'floor' | 'evict_log' }>): void {
    const head = this.#heads.get(write.room);
    if (!head) return;
    const offset = offsetOf(head);
    if (write.type === 'floor') this.#heads.set(write.room, { ...head, floor: offset });
    else if (write.type === 'evict_log') this.#heads.set(write.room, { ...head, base: offset, log: undefined });
    else {
      const log = head.log ?? createRoomLog(head.epoch);
      log.append(write.keys);
      this.#heads.set(write.room, { ...head, log });
    }
  }

  head(room: Room): { readonly incarnation: string; readonly offset: number; readonly hasLog: boolean } | undefined {
    const head = this.#heads.get(room);
    return head && { incarnation: head.incarnation, offset: offsetOf(head), hasLog: head.log !== undefined };
  }

  position(room: Room): Position {
    const head = this.#headOf(room);
    return formatPosition(head.epoch, offsetOf(head));
  }

  /** As the script reads it; `since` without a well-formed position counts as one of another epoch. */
  read(room: Room, since: Position | undefined): Omit<LogRead, 'incarnation'> {
    const head = this.#headOf(room);
    const position = this.position(room);
    if (since === undefined) return { position, status: 'fresh', keys: [] };
    const parsed = parsePosition(since);
    if (parsed?.epoch !== head.epoch || parsed.offset > offsetOf(head)) {
      return { position, status: 'resync', cause: 'epoch', keys: [] };
    }
    if (parsed.offset < head.floor) return { position, status: 'resync', cause: 'floor', keys: [] };
    const within = formatPosition(head.epoch, Math.max(0, parsed.offset - head.base));
    const { status, keys, cause } = (head.log ?? createRoomLog(head.epoch)).read(within);
    return { position, status, keys, ...(cause === undefined ? {} : { cause }) };
  }

  get(key: string, now: number): Buffer | undefined {
    const entry = this.#values.get(key);
    return entry && entry.until > now ? entry.value : undefined;
  }

  rooms(): Room[] {
    return [...this.#heads.keys()];
  }

  keys(): string[] {
    return [...this.#values.keys()];
  }

  #headOf(room: Room): Head {
    const head = this.#heads.get(room);
    if (!head) throw new Error('a script reads a head that it did not open');
    return head;
  }
}

function offsetOf({ base, log }: Head): number {
  return base + (parsePosition(log?.position)?.offset ?? 0);
}
