import {
  comparePositions,
  covers,
  formatPosition,
  MAX_SERVER_FRAME_KEYS,
  type Position,
  type QueryKey,
  type Room,
  type Row,
} from '@querycast/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Frame } from './pending-frame.js';
import { stepSession } from './session-core.js';
import { newSession, type SessionEffect, type SessionEvent, type SessionState } from './session-state.js';

const ROOMS = ['a:1', 'a:2'] as const satisfies readonly Room[];
type TestRoom = (typeof ROOMS)[number];

/** One client in two rooms: its session, and everything around it that a session relies on. */
class World {
  #state: SessionState = newSession;
  #ack = 0;
  /** Per room: its life, its newest offset, and for each key the offset of its newest invalidation. */
  readonly #logs = new Map<Room, { life: number; offset: number; keys: Map<string, number> }>();
  #reads: { room: Room; since: Position | undefined }[] = [];
  readonly #direct = new Set<Room>();
  readonly #holding = new Set<Room>();
  /** The client: how far it is, and which keys it has yet to hear of, each with the position that told it. */
  readonly #applied = new Map<Room, Position>();
  readonly #owed = new Map<Room, Map<string, Position>>();
  readonly #gaps = new Set<Room>();

  constructor() {
    for (const room of ROOMS) {
      this.#logs.set(room, { life: 0, offset: 0, keys: new Map() });
      this.#owed.set(room, new Map());
    }
    this.#step({ type: 'open', rooms: ROOMS, positions: {} });
  }

  publish(room: TestRoom, keys: readonly number[]): void {
    const log = this.#log(room);
    const prev = this.#head(room);
    log.offset += 1;
    const position = this.#head(room);
    for (const key of keys) {
      log.keys.set(String(key), log.offset);
      this.#owed.get(room)?.set(String(key), position);
    }
    this.#emit(room, {
      event: 'invalidate',
      message: { room, prev, position, keys: keys.map((key): QueryKey => [String(key)]), at: 1 },
    });
  }

  /** The log begins another life, as its room finds out. */
  recreate(room: TestRoom): void {
    const { life } = this.#log(room);
    this.#logs.set(room, { life: life + 1, offset: 0, keys: new Map() });
    this.#emit(room, { event: 'resync', message: { room, position: this.#head(room), reason: 'epoch' } });
  }

  slow(): void {
    this.#step({ type: 'slow' });
    expect(this.#direct.size).toBe(0);
  }

  drained = () => this.#step({ type: 'drained' });

  /** The client sends a new token. */
  renew(): void {
    this.#ack += 1;
    this.#step({ type: 'renew', ack: this.#ack });
  }

  /** The old one ends while that is being checked. */
  lapse(): void {
    if (this.#state.renewal === undefined) return;
    this.#step({ type: 'expired' });
    expect(this.#direct.size).toBe(0);
  }

  /** The new token is good, for these rooms. */
  renewed(own: readonly TestRoom[]): void {
    if (this.#state.renewal === undefined) return;
    const direct = this.#direct.size;
    this.#step({ type: 'renewed', own: new Set(own), extra: new Set() });
    if (this.#state.isSlow) expect(this.#direct.size).toBeLessThanOrEqual(direct);
  }

  /** The client asks for a room's row. */
  ask(room: TestRoom): void {
    const position = this.#applied.get(room);
    this.#ack += 1;
    this.#step({ type: 'subscribe', room, allowed: true, ack: this.#ack, ...(position && { position }) });
  }

  /** The oldest read is answered. */
  answer(): void {
    const read = this.#reads.shift();
    if (read) this.#step({ type: 'row', row: this.#row(read.room, read.since) });
  }

  /** Nothing happens any more, and the socket takes everything. */
  rest(): void {
    if (this.#state.renewal === undefined) this.renew();
    this.renewed(ROOMS);
    for (let round = 0; round < 100; round += 1) {
      while (this.#reads.length > 0) this.answer();
      if (this.#state.isSlow) this.drained();
      for (const room of [...this.#gaps]) this.ask(room as TestRoom);
    }
    expect(this.#state.isSlow).toBe(false);
    for (const room of ROOMS) {
      expect(this.#applied.get(room)).toBe(this.#head(room));
      expect([...(this.#owed.get(room) ?? [])]).toEqual([]);
      expect(this.#direct.has(room)).toBe(true);
    }
  }

  #emit(room: Room, frame: Frame): void {
    expect(this.#direct.has(room) && this.#holding.has(room)).toBe(false);
    if (this.#holding.has(room)) this.#step({ type: 'frame', room, frame });
    else if (this.#direct.has(room)) this.#receive(frame);
  }

  #step(event: SessionEvent): void {
    const [state, effects] = stepSession(this.#state, event);
    this.#state = state;
    for (const membership of state.rooms.values()) {
      if (membership.phase !== 'paused' || !membership.kept || 'resync' in membership.kept) continue;
      expect(membership.kept.keys).toBeLessThanOrEqual(2 * MAX_SERVER_FRAME_KEYS);
    }
    for (const effect of effects) this.#execute(effect);
  }

  #execute(effect: SessionEffect): void {
    const saysSomething = ['ready', 'joined', 'ack_row', 'frame'].includes(effect.type);
    if (saysSomething) expect(this.#state.isLapsed).toBe(false);
    if (effect.type === 'leave') this.#leave(effect.room);
    else if (effect.type === 'left') this.#forget(effect.room);
    else if (effect.type === 'join') {
      this.#holding.add(effect.room);
      this.#reads.push({ room: effect.room, since: effect.since });
    } else if (effect.type === 'enter') {
      this.#direct.add(effect.room);
      this.#holding.delete(effect.room);
    } else if (effect.type === 'pause') {
      this.#direct.delete(effect.room);
      this.#holding.add(effect.room);
    } else if (effect.type === 'exit') this.#direct.delete(effect.room);
    else if (effect.type === 'frame') this.#receive(effect.frame);
    else if (effect.type === 'ready' || effect.type === 'joined') for (const row of effect.rows) this.#applyRow(row);
    else if (effect.type === 'ack_row') this.#applyRow(effect.row);
  }

  #leave(room: Room): void {
    expect(this.#direct.has(room)).toBe(false);
    this.#holding.delete(room);
    this.#reads = this.#reads.filter((read) => read.room !== room);
  }

  /** What happens in a room that the client has no right to is not owed to it. */
  #forget(room: Room): void {
    this.#applied.delete(room);
    this.#gaps.delete(room);
    this.#owed.get(room)?.clear();
  }

  #receive({ event, message }: Frame): void {
    const { room, position } = message;
    const applied = this.#applied.get(room);
    if (!applied) throw new Error('a frame came before its row');
    if (event === 'resync') {
      this.#advance(room, position, 'everything');
      return;
    }
    expect(message.keys.length).toBeLessThanOrEqual(MAX_SERVER_FRAME_KEYS);
    const order = comparePositions(position, applied);
    if (order === 'older' || order === 'same') return;
    const isNext = order === 'newer' && covers(applied, message.prev);
    // Only a frame of another life may not continue what the client has: within one there is never a hole.
    expect(isNext || order === 'unrelated').toBe(true);
    if (isNext) this.#advance(room, position, message.keys.map(String));
    else this.#gaps.add(room);
  }

  #applyRow({ room, position, status, keys }: Row): void {
    this.#gaps.delete(room);
    this.#advance(room, position, status === 'recovered' ? keys.map(String) : 'everything');
  }

  #advance(room: Room, position: Position, told: readonly string[] | 'everything'): void {
    this.#applied.set(room, position);
    const owed = this.#owed.get(room) ?? new Map<string, Position>();
    for (const [key, since] of owed) {
      // What a life that is over still owed is told by the resync that ends it, and by nothing less.
      // A row that was kept back may be of a life that has ended since: it tells nothing of the next one.
      const isReached = lifeOf(position) > lifeOf(since) || covers(position, since);
      if (isReached && (told === 'everything' || told.includes(key))) owed.delete(key);
      else expect(isReached).toBe(false);
    }
  }

  #row(room: Room, since: Position | undefined): Row {
    const log = this.#log(room);
    const position = this.#head(room);
    if (since === undefined) return { room, position, status: 'fresh', keys: [] };
    if (comparePositions(since, position) === 'unrelated') return { room, position, status: 'resync', keys: [] };
    const keys = [...log.keys].filter(([, offset]) => !covers(since, formatPosition(`e${log.life}`, offset)));
    if (keys.length > MAX_SERVER_FRAME_KEYS) return { room, position, status: 'resync', keys: [] };
    return { room, position, status: 'recovered', keys: keys.map(([key]): QueryKey => [key]) };
  }

  #log(room: Room) {
    const log = this.#logs.get(room);
    if (!log) throw new Error(`no log of ${room}`);
    return log;
  }

  #head(room: Room): Position {
    const { life, offset } = this.#log(room);
    return formatPosition(`e${life}`, offset);
  }
}

function lifeOf(position: Position): number {
  return Number.parseInt(position.slice(1), 10);
}

const room = fc.constantFrom(...ROOMS);
const few = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 4 });
const many = fc.integer({ min: 0, max: 2_000 }).map((from) => Array.from({ length: 64 }, (_, index) => from + index));
const commands = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('publish' as const), room, fc.oneof(few, many, many)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('recreate' as const), room) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('ask' as const), room) },
    { weight: 3, arbitrary: fc.constantFrom(['slow' as const] as const, ['drained' as const] as const) },
    { weight: 3, arbitrary: fc.constant(['answer' as const] as const) },
    { weight: 2, arbitrary: fc.constantFrom(['renew' as const] as const, ['lapse' as const] as const) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('renewed' as const), fc.subarray([...ROOMS])) },
  ),
  { maxLength: 60, size: 'max' },
);

it('a client ends at the head with nothing untold, however frames, rows, slowness, and ends of its token are mixed', () => {
  fc.assert(
    fc.property(commands, (steps) => {
      const world = new World();
      for (const step of steps) {
        if (step[0] === 'publish') world.publish(step[1], step[2]);
        else if (step[0] === 'renewed') world.renewed(step[1]);
        else if (step[0] === 'recreate' || step[0] === 'ask') world[step[0]](step[1]);
        else world[step[0]]();
      }
      world.rest();
    }),
    { numRuns: 500 },
  );
});
