import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { BEAT_INTERVAL_MS, createHeartbeat, DeafError, type HeardConnection, type HearingClient } from './heartbeat.js';
import { type SubscribingClient, standSubscription } from './standing-subscription.js';

/** Settings of {@link standHeartbeat}. */
export interface StandingHeartbeatOptions {
  /** Listens; of one part alone, whose subscriptions on it are all of the same kind. */
  readonly client: SubscribingClient & HearingClient & { disconnect(reconnect: boolean): void };
  /** For the beats, and nobody else's. */
  readonly channel: string;
  readonly isSharded: boolean;
  /** Publishes. */
  readonly send: (channel: string, beat: string) => Promise<unknown>;
  readonly connection: HeardConnection;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Hears itself every two seconds on a client whose subscriptions stand by {@link standSubscription}. When it does not,
 * the client connects anew, and with it all of those stand again. A beat that cannot be sent proves nothing. Answers the
 * end of it, which never fails. Throws as `standSubscription` does.
 */
export function standHeartbeat(options: StandingHeartbeatOptions): () => Promise<void> {
  const { client, channel, isSharded, send, connection, logger, metrics } = options;
  let isStanding = false;
  /** Grows with every loss: a beat of an earlier connection says nothing about this one. */
  let losses = 0;
  /** Whether the last beat was heard, so that each change is one line. */
  let known: 'heard' | 'missed' | 'failed' = 'heard';

  const end = standSubscription({
    client,
    channel,
    isSharded,
    onStanding() {
      isStanding = true;
    },
    // Tried again; what it means for the others on this client, their own failures tell.
    onFailure(err) {
      metrics.count('heartbeats_total', { connection, result: 'failed' });
      note('failed', err);
    },
  });
  const heartbeat = createHeartbeat({ subscriber: client, isSharded, send, connection, metrics });

  function lost(): void {
    isStanding = false;
    losses += 1;
  }

  function note(outcome: typeof known, err?: unknown): void {
    if (outcome === known) return;
    known = outcome;
    if (outcome === 'heard') logger.info({ connection }, 'heartbeat heard again');
    else if (outcome === 'missed') logger.warn({ connection }, 'heartbeat not heard, connecting anew');
    else logger.warn({ connection, err }, 'heartbeat could not be sent');
  }

  async function beat(): Promise<void> {
    if (!isStanding || client.status !== 'ready') return;
    const started = losses;
    try {
      await heartbeat.beat([channel]);
      if (losses === started) note('heard');
    } catch (error) {
      if (losses !== started) return;
      if (!(error instanceof DeafError)) {
        note('failed', error);
        return;
      }
      note('missed');
      lost();
      client.disconnect(true);
    }
  }

  client.on('close', lost);
  const timer = setInterval(() => void beat(), BEAT_INTERVAL_MS);
  timer.unref();

  return async () => {
    clearInterval(timer);
    client.off('close', lost);
    lost();
    heartbeat.close();
    await end();
  };
}
