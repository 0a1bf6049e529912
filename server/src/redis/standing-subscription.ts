import { settleWithin } from './settle-within.js';

/** What a standing subscription needs to know of the client it lives on. */
export interface SubscribingClient {
  /** `ready` while commands reach the server. */
  readonly status: string;
  readonly isCluster: boolean;
  on(event: 'ready' | 'close' | 'subscribersReady', listener: () => void): unknown;
  off(event: 'ready' | 'close' | 'subscribersReady', listener: () => void): unknown;
}

/** Settings of {@link standSubscription}. */
export interface StandingSubscriptionOptions {
  readonly client: SubscribingClient;
  readonly subscribe: () => Promise<unknown>;
  readonly unsubscribe: () => Promise<unknown>;
  /** Called when the server confirmed the subscription on a new connection: what was sent before then is missed. */
  readonly onStanding?: () => void;
  /** Called when the server refused or the connection broke meanwhile; it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** How long a subscription that failed on a working connection waits for its next try, in milliseconds. */
const RETRY_MS = 1_000;

/** How long an end waits for the server to confirm, in milliseconds: one that hangs never does. */
const END_MS = 300;

/**
 * How often a subscription is repeated, in milliseconds. The server does not mind, and a link that died in silence shows
 * by the missing answer, at which the client connects anew.
 */
const RENEW_MS = 10_000;

/**
 * Subscribes whenever the client is ready: now, after every reconnection, and again after a failure. Does not rely on
 * the client's own re-subscription, whose failures nobody hears. Answers the end of it, which never fails: without a
 * connection there is nothing left to unsubscribe from.
 */
export function standSubscription(options: StandingSubscriptionOptions): () => Promise<void> {
  const { client, subscribe, unsubscribe, onStanding, onFailure } = options;
  let isEnded = false;
  let isStanding = false;
  let next: NodeJS.Timeout | undefined;
  let attempts = 0;

  function attemptIn(ms: number): void {
    next = setTimeout(attempt, ms);
    next.unref();
  }

  function attempt(): void {
    clearTimeout(next);
    if (client.status !== 'ready') return;
    attempts += 1;
    const current = attempts;
    // A client may hold a command back while it reconnects: only the newest attempt counts.
    const isCurrent = () => !isEnded && current === attempts;
    subscribe().then(
      () => {
        if (!isCurrent()) return;
        if (!isStanding) onStanding?.();
        isStanding = true;
        // A cluster client remembers each repetition, and watches over its connections by itself.
        if (!client.isCluster) attemptIn(RENEW_MS);
      },
      (error: unknown) => {
        if (!isCurrent()) return;
        onFailure(error);
        attemptIn(RETRY_MS);
      },
    );
  }

  const lost = () => {
    isStanding = false;
  };
  // A cluster client has a connection per server for this, and says so when it made one anew.
  const renewed = () => {
    lost();
    attempt();
  };
  client.on('ready', attempt);
  client.on('close', lost);
  client.on('subscribersReady', renewed);
  attempt();

  return async () => {
    if (isEnded) return;
    isEnded = true;
    client.off('ready', attempt);
    client.off('close', lost);
    client.off('subscribersReady', renewed);
    clearTimeout(next);
    if (client.status !== 'ready') return;
    // A connection that breaks now takes the subscription with it. One that hangs holds the command back until it breaks.
    await settleWithin(END_MS, unsubscribe()).catch(() => {});
  };
}
