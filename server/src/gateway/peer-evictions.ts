import { EVICTED_CODES, type EvictedCode } from '@querycast/protocol';
import { z } from 'zod';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import type { EvictionTarget } from './evictions.js';

/** The other gateways. */
export interface Peers {
  /**
   * Asks every other node; resolves with how many were there and how many answered in time. Rejects when they could not
   * be reached at all.
   */
  ask(question: unknown): Promise<{ readonly nodes: number; readonly answers: number }>;
}

/** What evictions across nodes need. */
export interface PeerEvictionsOptions {
  readonly peers: Peers;
  /** Ends the sessions of this node; answers how many. */
  readonly evictHere: (target: EvictionTarget, code: EvictedCode) => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Longest name of a user or a log-in that travels between nodes, in characters. */
const MAX_NAME_LENGTH = 256;

const name = z.string().min(1).max(MAX_NAME_LENGTH);

const evictionSchema = z.strictObject({
  target: z.union([z.strictObject({ user: name }), z.strictObject({ session: name })]),
  code: z.enum(EVICTED_CODES),
});

/** Carries evictions to the other nodes, and those of the other nodes to this one. */
export function createPeerEvictions({ peers, evictHere, logger, metrics }: PeerEvictionsOptions) {
  function unconfirmed(code: EvictedCode, missing: number, details: Readonly<Record<string, unknown>>): void {
    metrics.count('evictions_unconfirmed_total', {}, missing);
    logger.error({ code, ...details }, 'eviction not confirmed by every node');
  }

  return {
    /** Tells the other nodes. Never throws, and nobody waits for it: whoever does not confirm is counted and logged. */
    tell(target: EvictionTarget, code: EvictedCode): void {
      peers.ask({ target, code }).then(
        ({ nodes, answers }) => {
          if (answers < nodes) unconfirmed(code, nodes - answers, { nodes, answers });
        },
        // How many nodes there are is not known then.
        (err: unknown) => unconfirmed(code, 1, { err }),
      );
    },
    /** Another node evicts. `confirm` only after the sessions here are gone. */
    hear(question: unknown, confirm: () => void): void {
      const eviction = evictionSchema.safeParse(question);
      if (!eviction.success) {
        metrics.count('peer_messages_refused_total');
        logger.warn({ rule: 'an eviction has a target and a code' }, 'message of another node refused');
        return;
      }
      const { target, code } = eviction.data;
      const sessions = evictHere(target, code);
      logger.info({ code, sessions }, 'evicted for another node');
      confirm();
    },
  };
}
