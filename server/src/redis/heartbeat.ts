import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Metrics } from '../observability/metrics.js';
import { settleWithin } from './settle-within.js';

/** Hears every message of a client as bytes: the client makes text of each of them only if somebody listens to that. */
type HearMessage = (channel: Buffer, message: Buffer) => void;

/** What a heartbeat needs of the client that listens. */
export interface HearingClient {
  on(event: 'messageBuffer' | 'smessageBuffer', listener: HearMessage): unknown;
  off(event: 'messageBuffer' | 'smessageBuffer', listener: HearMessage): unknown;
}

/** Which connection a heartbeat is about. */
export type HeardConnection = 'log' | 'control' | 'door';

/** Proves that what is published reaches this process. */
export interface Heartbeat {
  /**
   * Publishes a beat on each channel, all of them subscribed; resolves once all were heard. A connection that is behind
   * gets time while it catches up, ten seconds at most. Rejects with {@link DeafError} when a beat was published and not
   * heard in time, otherwise as the client does.
   */
  beat(channels: readonly string[]): Promise<void>;
  /** Listens no more; beats under way are not heard. */
  close(): void;
}

/** The server took a message, and the connection that should have heard it did not. Only a new connection helps. */
export class DeafError extends Error {
  readonly code = 'deaf';

  constructor() {
    super('what is published is not heard in time on the connection for subscriptions');
    this.name = 'DeafError';
  }
}

/** Between two beats, in milliseconds. */
export const BEAT_INTERVAL_MS = 2_000;

/** Longest wait for the server to take a beat, in milliseconds. */
const SEND_TIMEOUT_MS = 2_000;

/** Longest silence of a connection on which a beat that the server took is not heard, in milliseconds. */
const SILENCE_MS = 1_500;

/** Most such waits, if messages came in each: who is behind by more than ten seconds is deaf in effect. */
const MAX_WAITS = 7;

/** Longer than any beat, in bytes: what is longer need not be read. */
const MAX_BEAT_BYTES = 32;

/** A beat on its way. */
interface AwaitedBeat {
  readonly channel: string;
  readonly hear: () => void;
  /** Whether something came on its connection meanwhile: the beat may stand behind it. */
  isMoving: boolean;
}

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
  /** Whether two channels are heard on one connection; default: all are. */
  readonly areTogether?: (one: string, other: string) => boolean;
  readonly metrics: Metrics;
}): Heartbeat {
  const { subscriber, isSharded, send, connection, areTogether = () => true, metrics } = options;
  const event = isSharded ? 'smessageBuffer' : 'messageBuffer';
  /** By beat: each is another one, so that none of an earlier connection proves anything about this one. */
  const waiting = new Map<string, AwaitedBeat>();
  let last = 0;

  function listen(from: Buffer, message: Buffer): void {
    if (waiting.size === 0) return;
    const channel = from.toString();
    for (const awaited of waiting.values()) awaited.isMoving ||= areTogether(channel, awaited.channel);
    const beat = message.length > MAX_BEAT_BYTES ? '' : message.toString();
    const awaited = waiting.get(beat);
    if (awaited?.channel !== channel) return;
    waiting.delete(beat);
    awaited.hear();
  }
  subscriber.on(event, listen);

  /** Resolves once the beat was heard. */
  async function hearing(beat: string, awaited: AwaitedBeat, heard: Promise<void>): Promise<void> {
    for (let waits = 1; waiting.has(beat); waits += 1) {
      awaited.isMoving = false;
      await settleWithin(SILENCE_MS, heard).catch(async () => {
        // This process may have stood still itself, and its timers are called before what has arrived is read.
        await nextTurn();
        if (waiting.has(beat) && (!awaited.isMoving || waits === MAX_WAITS)) throw new DeafError();
      });
    }
  }

  async function beatOn(channel: string): Promise<void> {
    last += 1;
    const beat = `beat ${last}`;
    let hear = () => {};
    const heard = new Promise<void>((resolve) => {
      hear = resolve;
    });
    const awaited = { channel, hear, isMoving: false };
    waiting.set(beat, awaited);
    try {
      await settleWithin(SEND_TIMEOUT_MS, send(channel, beat));
      await hearing(beat, awaited, heard);
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
