import { EVICTED_CODES, type EvictedCode } from '@querycast/protocol';
import { z } from 'zod';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { createEvictionJournal, MAX_JOURNAL_ENTRIES } from './eviction-journal.js';
import type { EvictionTarget } from './evictions.js';
import { createRareLine } from './rare-line.js';
import type { Timers } from './timers.js';

/**
 * What one node asks the others: to evict, to exchange what they evicted while they could not hear each other, or to look at
 * rights again.
 */
export type PeerQuestion = 'evict' | 'exchange' | 'recheck';

/** The other gateways. */
export interface Peers {
  /**
   * Asks every other node; resolves with how many were there and what those answered that did so in time. Rejects when
   * they could not be reached at all.
   */
  ask(name: PeerQuestion, question: unknown): Promise<{ readonly nodes: number; readonly answers: readonly unknown[] }>;
}

/** What evictions across nodes need. */
export interface PeerEvictionsOptions {
  readonly peers: Peers;
  /** Ends the sessions of this node whose tokens were checked at least so many milliseconds ago; answers how many. */
  readonly evictHere: (target: EvictionTarget, code: EvictedCode, agoMs: number) => number;
  /** Looks at the rights of these sessions of this node again; without a target at those of all. */
  readonly recheckHere: (target?: EvictionTarget) => void;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Longest name of a user or a log-in that travels between nodes, in characters. */
const MAX_NAME_LENGTH = 256;

/** First wait before evictions are exchanged again with nodes that could not be reached, in milliseconds; doubles. */
const FIRST_RETRY_MS = 500;

const LONGEST_RETRY_MS = 30_000;

const name = z.string().min(1).max(MAX_NAME_LENGTH);

const targetSchema = z.union([z.strictObject({ user: name }), z.strictObject({ session: name })]);
const evictionSchema = z.strictObject({ target: targetSchema, code: z.enum(EVICTED_CODES) });
/** Without a target: all sessions, because it is not known any more which. */
const recheckSchema = z.strictObject({ target: targetSchema.optional() });
const journalSchema = z.array(evictionSchema.extend({ agoMs: z.number().nonnegative() })).max(MAX_JOURNAL_ENTRIES);

/** Carries evictions to the other nodes, and those of the other nodes to this one, late rather than never. */
export function createPeerEvictions(options: PeerEvictionsOptions) {
  const { peers, evictHere, recheckHere, timers, logger, metrics } = options;
  const journal = createEvictionJournal(timers);
  const tellUnconfirmed = createRareLine({
    message: 'recheck not confirmed by every node',
    counted: 'rechecks',
    timers,
    logger,
  });
  let isClosed = false;
  let failures = 0;
  /** Rechecks that were not confirmed, counted: what they were of is not kept, because all can be looked at instead. */
  let owed = 0;
  let cancelRetry: (() => void) | undefined;

  function unconfirmed(code: EvictedCode, missing: number, details: Readonly<Record<string, unknown>>): void {
    metrics.count('evictions_unconfirmed_total', {}, missing);
    logger.error({ code, ...details }, 'eviction not confirmed by every node');
    exchangeLater();
  }

  function recheckUnconfirmed(missing: number, details: Readonly<Record<string, unknown>>): void {
    metrics.count('rechecks_unconfirmed_total', {}, missing);
    tellUnconfirmed(details);
    owed += 1;
    exchangeLater();
  }

  function refused(rule: string): void {
    metrics.count('peer_messages_refused_total');
    logger.warn({ rule }, 'message of another node refused');
  }

  /** Harmless to do again: whoever came after an eviction is spared. Answers whether it made sense. */
  function catchUp(journalOfOther: unknown): boolean {
    const evictions = journalSchema.safeParse(journalOfOther);
    if (!evictions.success) {
      refused('exchanged evictions are a list of targets, codes and ages');
      return false;
    }
    const sessions = evictions.data.reduce((sum, { target, code, agoMs }) => sum + evictHere(target, code, agoMs), 0);
    if (sessions > 0) logger.info({ sessions }, 'caught up with evictions of another node');
    return true;
  }

  /** Both ways, because whoever comes back last finds the other one, which may have asked in vain before. */
  async function exchangeEvictions(): Promise<boolean> {
    const { nodes, answers } = await peers.ask('exchange', journal.recent());
    for (const answer of answers) catchUp(answer);
    return answers.length >= nodes;
  }

  /** Nodes that did not confirm a recheck, whoever they are, look at all of their sessions. */
  async function payOwed(): Promise<boolean> {
    if (owed === 0) return true;
    const paying = owed;
    const { nodes, answers } = await peers.ask('recheck', {});
    if (answers.length < nodes) return false;
    // Those that came to be owed meanwhile are due again.
    if (owed === paying) owed = 0;
    return true;
  }

  function exchange(): void {
    cancelRetry?.();
    cancelRetry = undefined;
    Promise.all([exchangeEvictions(), payOwed()]).then(
      (done) => {
        if (done.includes(false)) exchangeFailed();
        else failures = 0;
      },
      (err: unknown) => {
        metrics.count('eviction_exchanges_failed_total');
        logger.warn({ err }, 'evictions could not be exchanged');
        exchangeFailed();
      },
    );
  }

  function exchangeFailed(): void {
    failures += 1;
    exchangeLater();
  }

  /** One that is due already stays due: evictions that go on to fail must not put it off for ever. */
  function exchangeLater(): void {
    if (isClosed || cancelRetry) return;
    cancelRetry = timers.after(Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS), exchange);
  }

  /** Confirmed once nothing that was read before can take effect; the look itself may take its time. */
  function hearRecheck(question: unknown, answer: (answer: unknown) => void): void {
    const recheck = recheckSchema.safeParse(question);
    if (!recheck.success) {
      refused('a recheck has a target or none');
      return;
    }
    recheckHere(recheck.data.target);
    answer(true);
  }

  return {
    /**
     * Tells the other nodes. Never throws, and nobody waits for it: whoever does not confirm is counted and logged, and
     * told again.
     */
    tell(target: EvictionTarget, code: EvictedCode): void {
      if (!evictionSchema.safeParse({ target, code }).success) {
        // The other nodes would refuse it, and every exchange that holds it.
        metrics.count('evictions_unconfirmed_total');
        logger.error({ code, rule: `names have 1 to ${MAX_NAME_LENGTH} characters` }, 'eviction kept to this node');
        return;
      }
      journal.add(target, code);
      peers.ask('evict', { target, code }).then(
        ({ nodes, answers }) => {
          if (answers.length < nodes) unconfirmed(code, nodes - answers.length, { nodes, answers: answers.length });
        },
        // How many nodes there are is not known then.
        (err: unknown) => unconfirmed(code, 1, { err }),
      );
    },
    /** Tells the other nodes to look at these sessions. As `tell` for the rest. */
    tellRecheck(target: EvictionTarget): void {
      const question = { target };
      if (!recheckSchema.safeParse(question).success) {
        metrics.count('rechecks_unconfirmed_total');
        logger.error({ rule: `names have 1 to ${MAX_NAME_LENGTH} characters` }, 'recheck kept to this node');
        return;
      }
      peers.ask('recheck', question).then(
        ({ nodes, answers }) => {
          if (answers.length < nodes) recheckUnconfirmed(nodes - answers.length, { nodes, answers: answers.length });
        },
        (err: unknown) => recheckUnconfirmed(1, { err }),
      );
    },
    /** This node hears the others again, or for the first time. Never throws. */
    hearing(): void {
      failures = 0;
      exchange();
      // What the others said meanwhile is lost.
      recheckHere();
    },
    /** Another node asks; unchecked. An eviction is confirmed after the sessions here are gone. */
    hear(name: PeerQuestion, question: unknown, answer: (answer: unknown) => void): void {
      if (name === 'exchange') {
        if (catchUp(question)) answer(journal.recent());
        return;
      }
      if (name === 'recheck') {
        hearRecheck(question, answer);
        return;
      }
      const eviction = evictionSchema.safeParse(question);
      if (!eviction.success) {
        refused('an eviction has a target and a code');
        return;
      }
      const { target, code } = eviction.data;
      const sessions = evictHere(target, code, 0);
      logger.info({ code, sessions }, 'evicted for another node');
      answer(true);
    },
    /** Tries nothing again any more. */
    close(): void {
      isClosed = true;
      cancelRetry?.();
    },
  };
}
