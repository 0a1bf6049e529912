import { randomUUID } from 'node:crypto';
import type { CacheStore } from './cache-store.js';

/** Names the life of a store in which evictions count; see {@link createLife}. */
export interface Life {
  /** The store answered a read under this incarnation, and a reader may have been given what it held. */
  answered(incarnation: string): void;
  /** The present life. Rejects as the store does. */
  present(): Promise<PresentLife>;
}

/** A life, as of one moment. */
export interface PresentLife {
  readonly name: string;
  /** Of the store. */
  readonly incarnation: string;
}

/** Settings of {@link createLife}. */
export interface LifeOptions {
  readonly store: Pick<CacheStore, 'get' | 'replace'>;
  /** Hears of each look after a read that the store did not answer. The next one comes. */
  readonly failed: (error: unknown) => void;
}

/** In front of an incarnation: another one begins with nothing, also on a server that two databases share. */
const KEY = 'querycast:life:';

/** Longer than a server lives. When it ends, what was evicted lately is evicted once more. */
const TTL_MS = 365 * 86_400_000;

/** How often to look after a read, by the time of this process: no reader waits for it. */
const LOOK_EVERY_MS = 1_000;

/** Others may begin a life at the same moment; more than this is a store of which each answer is another server's. */
const ATTEMPTS = 3;

/** Longer than any failover: by then, whoever was left with a superseded master has met the new one. */
const LOOKS_AFTER_READ = 60;

/** The store answered something else each time: nothing it is told can be relied on. */
export class UnsteadyStoreError extends Error {
  readonly code = 'cache_store_unsteady';

  constructor() {
    super('the cache store answered under another life each time: do several servers answer for one?');
    this.name = 'UnsteadyStoreError';
  }
}

/**
 * Creates it for one process. A store that is replicated may have two masters for a while: one that was superseded and does
 * not know yet, and the new one. What is evicted in one of them is still there in the other. So
 * - an eviction counts in the life that was present when it began;
 * - whoever has read from one incarnation and then meets another one begins a new life: before, it may have been given what
 *   had been evicted in the other one already. Whoever has nothing more to read looks all the same, for a minute.
 *
 * As long as the life of an eviction is present, nobody who has met the present master was given afterwards what it
 * evicted. What was evicted in another life is to be evicted and announced again.
 */
export function createLife({ store, failed }: LifeOptions): Life {
  let incarnation = '';
  /** Of the last read, or of a look since; absent before the first read. */
  let read: string | undefined;
  /** Whether somebody here may have been given what another master had evicted. */
  let hasMoved = false;
  let looksLeft = 0;
  let isLooking = false;

  async function present(): Promise<PresentLife> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { token, ...seen } = await look();
      if (read !== undefined && read !== seen.incarnation) moveTo(seen.incarnation);
      if (token !== undefined && !hasMoved) return { ...seen, name: nameOf(seen.incarnation, token) };
      // Whoever is quicker has begun one after this look: that will do, but only another look tells its name.
      const begun = await begin(KEY + seen.incarnation, token);
      if (begun !== undefined) return { ...seen, name: nameOf(seen.incarnation, begun) };
    }
    throw new UnsteadyStoreError();
  }

  async function begin(key: string, expected: string | undefined): Promise<string | undefined> {
    const value = randomUUID();
    const hadMoved = hasMoved;
    // Before: what is read while the store is being asked is another matter.
    hasMoved = false;
    try {
      return (await store.replace(key, { expected, value, ttlMs: TTL_MS })) ? value : undefined;
    } catch (error) {
      hasMoved ||= hadMoved;
      throw error;
    }
  }

  function moveTo(next: string): void {
    read = next;
    hasMoved = true;
  }

  /** The key has the incarnation in it, which only the answer tells: a first look, and one at a new master, is two. */
  async function look(): Promise<{ readonly incarnation: string; readonly token: string | undefined }> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const asked = incarnation;
      const { values, incarnation: answered } = await store.get([KEY + asked]);
      incarnation = answered;
      if (answered === asked) return { incarnation: asked, token: values[0]?.toString() };
    }
    throw new UnsteadyStoreError();
  }

  function lookLater(): void {
    isLooking = true;
    const timer = setTimeout(async () => {
      looksLeft -= 1;
      await present().catch(failed);
      isLooking = false;
      if (looksLeft > 0 || hasMoved) lookLater();
    }, LOOK_EVERY_MS);
    timer.unref();
  }

  return {
    answered(answering) {
      if (read !== undefined && read !== answering) moveTo(answering);
      read = answering;
      looksLeft = LOOKS_AFTER_READ;
      if (!isLooking) lookLater();
    },
    present,
  };
}

function nameOf(incarnation: string, token: string): string {
  return `${incarnation}.${token}`;
}
