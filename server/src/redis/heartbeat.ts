import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Metrics } from '../observability/metrics.js';
import { settleWithin } from './settle-within.js';

/** What a heartbeat needs of the client that listens. */
export interface HearingClient {
  on(event: 'message' | 'smessage', listener: (channel: string, message: string) => void): unknown;
  off(event: 'message' | 'smessage', listener: (channel: string, message: string) => void): unknown;
}

/** Which connection a heartbeat is about. */
export type HeardConnection = 'log' | 'control' | 'door';

/** Proves that what is published reaches this process. */
export interface Heartbeat {
  /**
   * Publishes a beat on each channel, all of them subscribed; resolves once all were heard. Rejects with
   * {@link DeafError} when one was published and not heard in time, otherwise as the client does.
   */
  beat(channels: readonly string[]): Promise<void>;
  /** Listens no more; beats under way are not heard. */
  close(): void;
}

/** The server took a message, and the connection that should have heard it did not. Only a new connection helps. */
export class DeafError extends Error {
  readonly code = 'deaf';

  constructor() {
    super(`what is published is not heard within ${HEAR_TIMEOUT_MS} ms on the connection for subscriptions`);
    this.name = 'DeafError';
  }
}

/** Between two beats, in milliseconds. */
export const BEAT_INTERVAL_MS = 2_000;

/** Longest wait for the server to take a beat, in milliseconds. */
const SEND_TIMEOUT_MS = 2_000;

/** Longest wait until a beat that the server took is heard, in milliseconds: known before the next one. */
const HEAR_TIMEOUT_MS = 1_500;

/**
 * Creates a heartbeat. A subscription can be lost while its connection lives and answers everything: a cluster moved it,
 * a proxy in between connected anew, a client forgot it. Only a message that arrives proves that messages do.
 */
export function createHeartbeat(options: {
  readonly subscriber: HearingClient;
  /** Whether the channels are those of sharded messages. */
  readonly isSharded: boolean;
  /** Publishes. */
  readonly send: (channel: string, beat: string) => Promise<unknown>;
  readonly connection: HeardConnection;
  readonly metrics: Metrics;
}): Heartbeat {
  const { subscriber, isSharded, send, connection, metrics } = options;
  const event = isSharded ? 'smessage' : 'message';
  /** By beat: each is another one, so that none of an earlier connection proves anything about this one. */
  const waiting = new Map<string, { readonly channel: string; readonly hear: () => void }>();
  let last = 0;

  function listen(channel: string, message: string): void {
    const waited = waiting.get(message);
    if (waited?.channel !== channel) return;
    waiting.delete(message);
    waited.hear();
  }
  subscriber.on(event, listen);

  async function beatOn(channel: string): Promise<void> {
    last += 1;
    const beat = `beat ${last}`;
    const heard = new Promise<void>((hear) => waiting.set(beat, { channel, hear }));
    try {
      await settleWithin(SEND_TIMEOUT_MS, send(channel, beat));
      await settleWithin(HEAR_TIMEOUT_MS, heard).catch(async () => {
        // This process may have stood still itself, and its timers are called before what has arrived is read.
        await nextTurn();
        if (waiting.has(beat)) throw new DeafError();
      });
      metrics.count('heartbeats_total', { connection, result: 'heard' });
    } catch (error) {
      metrics.count('heartbeats_total', { connection, result: error instanceof DeafError ? 'missed' : 'failed' });
      throw error;
    } finally {
      waiting.delete(beat);
    }
  }

  return {
    async beat(channels) {
      await Promise.all(channels.map(beatOn));
    },
    close: () => subscriber.off(event, listen),
  };
}
