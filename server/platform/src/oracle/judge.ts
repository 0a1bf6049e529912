import { canonicalForm, isKeyPrefix, type QueryKey, reduceKeys } from '@querycast/protocol';
import { INACTIVE, type Observation } from './observe.js';

/** One key that a row of the signal table pushed to one room. */
export interface Pushed {
  /** The captured table, or the explicit call. */
  readonly source: string;
  readonly room: string;
  readonly key: QueryKey;
}

/** A read that a write changed, of somebody who may have a page open on it. */
export interface Changed {
  readonly room: string;
  readonly key: QueryKey;
}

/** What was committed between two looks of the relay: mostly one write; what it changed, and what was pushed for it. */
export interface Step {
  readonly name: string;
  /** How many writes were committed, or rolled back on purpose. */
  readonly writes: number;
  readonly changed: readonly Changed[];
  readonly pushed: readonly Pushed[];
}

/** The reads that differ. Of nobody who was not there before, or may not be there now: they have no page open. */
export function changedReads(before: Observation, after: Observation): Changed[] {
  const changed: Changed[] = [];
  for (const [id, { room, key, outcome }] of after.reads) {
    const earlier = before.reads.get(id);
    const isThere = outcome !== INACTIVE && [...before.reads.values()].some((read) => read.room === room);
    // A student who is new to a room was not to be found in it before.
    if (isThere && (earlier ? earlier.outcome : 'not found') !== outcome) changed.push({ room, key });
  }
  // A student who is gone is not to be found any more.
  for (const [id, { room, key, outcome }] of before.reads) {
    if (!after.reads.has(id) && after.granted.has(room) && outcome !== 'not found') changed.push({ room, key });
  }
  return changed;
}

/** The changed reads whose key nobody pushed to their room. */
export function missed({ changed, pushed }: Step): Changed[] {
  return changed.filter(({ room, key }) => !pushed.some((push) => push.room === room && isKeyPrefix(push.key, key)));
}

/** The pushes of a step, each room and key once, with whether a read that they are about changed. */
export function judged({ changed, pushed }: Step): (Pushed & { readonly useful: boolean })[] {
  const once = new Map(pushed.map((push) => [`${push.room} ${JSON.stringify(push.key)}`, push]));
  return [...once.values()].map((push) => ({
    ...push,
    useful: changed.some(({ room, key }) => room === push.room && isKeyPrefix(push.key, key)),
  }));
}

/** A step as if one row of the signal table were not there. */
export function without(step: Step, source: string): Step {
  return { ...step, pushed: step.pushed.filter((push) => push.source !== source) };
}

/**
 * What differs between what the signals said and what the rooms' logs got. A key that another one covers need not be
 * published with it; in the envelope of an earlier commit it is all the same.
 */
export function strayed(pushed: readonly Pushed[], logged: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...logged].flatMap(([room, keys]) => {
    const said = pushed.filter((push) => push.room === room).map(({ key }) => key);
    const forms = new Set(said.map(canonicalForm));
    return [
      ...reduceKeys(said)
        .map(canonicalForm)
        .filter((key) => !keys.has(key))
        .map((key) => `${key} was not published to ${room}`),
      ...[...keys].filter((key) => !forms.has(key)).map((key) => `${key} was published to ${room} by nobody`),
    ];
  });
}
