import { expect } from 'vitest';
import type { Append, Appended, Broker } from '../../../server/src/broker/broker.js';
import { areGoodKeys, type GoodInvalidation, isGoodRoom } from './judge.js';

/** A broker, and what was appended to it. */
export interface WatchedBroker {
  readonly broker: Broker;
  /** What was appended since the last call, and the answers. */
  taken(): { readonly append: Append; readonly appended: Appended }[];
}

/** Watches what a door appends to a broker. */
export function watchBroker(broker: Broker): WatchedBroker {
  const appends: { append: Append; appended: Appended }[] = [];
  return {
    broker: {
      ...broker,
      async append(append) {
        const appended = await broker.append(append);
        appends.push({ append, appended });
        return appended;
      },
    },
    taken: () => appends.splice(0),
  };
}

/** Holds what was appended to what was published, and offsets to growing by one. */
export function createLedger() {
  const offsets = new Map<string, number>();
  const ids = new Set<string>();

  /** Notes a position; answers the one that had to come, if that is another one. */
  function wrongOf(room: string, position: string, id: string | undefined): string | undefined {
    const offset = offsetOf(position);
    const mark = JSON.stringify([room, id]);
    const isRepeated = id !== undefined && ids.has(mark);
    const expected = (offsets.get(room) ?? 0) + (isRepeated ? 0 : 1);
    offsets.set(room, offset);
    if (id !== undefined) ids.add(mark);
    return offset === expected ? undefined : `${room} is at ${position}, not ${expected}`;
  }

  return {
    /** `published` is `undefined` when nothing may have been appended. */
    expectAppended(published: GoodInvalidation | undefined, taken: ReturnType<WatchedBroker['taken']>): void {
      // All of them are noted before anything fails: what fails is tried again in smaller forms.
      const wrong = taken.map(({ append, appended }) => wrongOf(append.room, appended.position, append.id));
      const rooms = taken.map(({ append }) => append.room);
      expect([...rooms].sort()).toEqual([...new Set(published?.rooms)].sort());
      expect(wrong, 'each is the next in its room, or was appended before').toEqual(wrong.map(() => undefined));
      for (const { append } of taken) {
        expect(isGoodRoom(append.room) && areGoodKeys(append.keys, 1, 64), 'within the limits').toBe(true);
        const roots = new Set(append.keys.map(([root]) => root));
        for (const [root] of published?.keys ?? []) expect(roots).toContain(root);
        expect(append.id).toBe(published?.id);
      }
    },
    offsetOf: (room: string) => offsets.get(room) ?? 0,
  };
}

function offsetOf(position: string): number {
  return Number(position.slice(position.indexOf(':') + 1));
}
