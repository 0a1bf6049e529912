import { randomBytes } from 'node:crypto';
import { type Envelope, type Position, parsePosition, type QueryKey, type Room } from '@querycast/protocol';
import { expect } from 'vitest';
import type { Broker } from '../broker.js';
import type { OpenRooms } from '../open-rooms.js';

/** A broker made for one test. */
export interface BrokerUnderTest {
  /** Live, with nothing in its log. */
  readonly broker: Broker & OpenRooms;
  /** A second broker over the same log, as another process would have; leave out where there can be none. */
  readonly peer?: Broker & OpenRooms;
  /**
   * Makes all that the log remembers this much older, in milliseconds: an injected clock moves on, a server's
   * expiries are shortened.
   */
  advance(elapsedMs: number): void | Promise<void>;
  /** Frees what the test used. The test may have closed the brokers already. */
  close(): Promise<void>;
}

/** Makes a {@link BrokerUnderTest}. */
export type MakeBroker = () => BrokerUnderTest | Promise<BrokerUnderTest>;

/** Collects what a subscriber hears, and lets a test wait for it. */
export interface Recorder {
  readonly envelopes: readonly Envelope[];
  readonly deliver: (envelope: Envelope) => void;
  /** Resolves once this many envelopes came in all. */
  heard(count: number): Promise<readonly Envelope[]>;
}

/** Creates a recorder. */
export function createRecorder(): Recorder {
  const envelopes: Envelope[] = [];
  const waits = new Set<{ readonly count: number; readonly resolve: () => void }>();
  return {
    envelopes,
    deliver(envelope) {
      envelopes.push(envelope);
      for (const wait of waits) {
        if (envelopes.length < wait.count) continue;
        waits.delete(wait);
        wait.resolve();
      }
    },
    async heard(count) {
      if (envelopes.length < count) await new Promise<void>((resolve) => waits.add({ count, resolve }));
      return envelopes;
    },
  };
}

/** A room no other test uses. */
export function freshRoom(): Room {
  return `room:${randomBytes(8).toString('hex')}`;
}

/** The offset of a well-formed position. */
export function offsetOf(position: Position): number {
  const parsed = parsePosition(position);
  if (!parsed) throw new TypeError('a broker answered a malformed position');
  return parsed.offset;
}

/** The epoch of a well-formed position. */
export function epochOf(position: Position): string {
  return position.slice(0, position.lastIndexOf(':'));
}

/** Single-element query keys `k0`, `k1`, … */
export function numberedKeys(count: number, from = 0): QueryKey[] {
  return Array.from({ length: count }, (_, index) => [`k${from + index}`] as const);
}

/** Appends every key of a list by itself, in order; answers the positions. */
export async function appendEach(broker: Broker, room: Room, keys: readonly QueryKey[]): Promise<Position[]> {
  const positions: Position[] = [];
  for (const key of keys) positions.push((await broker.append({ room, keys: [key] })).position);
  return positions;
}

/** Fails unless each envelope starts where the one before it ended, one offset apart, in one epoch. */
export function expectContiguous(envelopes: readonly Envelope[]): void {
  for (const [index, envelope] of envelopes.entries()) {
    expect(offsetOf(envelope.position)).toBe(offsetOf(envelope.prev) + 1);
    expect(epochOf(envelope.position)).toBe(epochOf(envelope.prev));
    const before = envelopes[index - 1];
    if (before) expect(envelope.prev).toBe(before.position);
  }
}
