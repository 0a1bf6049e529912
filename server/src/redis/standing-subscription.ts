import { settleWithin } from './settle-within.js';

/** What a standing subscription needs to know of the client it lives on. */
export interface SubscribingClient {
  /** `ready` while commands reach the server. */
  readonly status: string;
  readonly isCluster: boolean;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  ssubscribe(channel: string): Promise<unknown>;
  sunsubscribe(channel: string): Promise<unknown>;
  on(event: 'ready' | 'close' | 'subscribersReady', listener: () => void): unknown;
  off(event: 'ready' | 'close' | 'subscribersReady', listener: () => void): unknown;
}

/** Settings of {@link standSubscription}. */
export interface StandingSubscriptionOptions {
  readonly client: SubscribingClient;
  readonly channel: string;
  /** Whether it is a channel of sharded messages. */
  readonly isSharded: boolean;
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
 * What stands on each client. The client stops to listen altogether when the last subscription of either kind ends, and
 * an end is an end for all who hear the channel: so one kind per client, and each channel once.
 */
const standing = new WeakMap<SubscribingClient, { readonly isSharded: boolean; readonly channels: Set<string> }>();

/** Answers how to give the place back. */
function takePlace({ client, channel, isSharded }: StandingSubscriptionOptions): () => void {
  const present = standing.get(client);
  if (present && (present.isSharded !== isSharded || present.channels.has(channel))) {
    throw new TypeError(`the subscriber serves another part already: ${channel} needs one of its own`);
  }
  const { channels } = present ?? { channels: new Set<string>() };
  standing.set(client, { isSharded, channels: channels.add(channel) });
  return () => {
    channels.delete(channel);
    if (channels.size === 0) standing.delete(client);
  };
}

/**
 * Subscribes whenever the client is ready: now, after every reconnection, and again after a failure. Does not rely on
 * the client's own re-subscription, whose failures nobody hears. Answers the end of it, which never fails: without a
 * connection there is nothing left to unsubscribe from. Throws a `TypeError` when the client already serves another part.
 */
export function standSubscription(options: StandingSubscriptionOptions): () => Promise<void> {
  const { client, channel, isSharded, onStanding, onFailure } = options;
  const givePlaceBack = takePlace(options);
  let isEnded = false;
  let isStanding = false;
  let next: NodeJS.Timeout | undefined;
  let attempts = 0;

  function attemptIn(ms: number): void {
    next = setTimeout(attempt, ms);
    next.unref();
  }

  const subscribe = () => (isSharded ? client.ssubscribe(channel) : client.subscribe(channel));
  const unsubscribe = () => (isSharded ? client.sunsubscribe(channel) : client.unsubscribe(channel));

  function attempt(): void {
    clearTimeout(next);
    if (client.status !== 'ready') return;
    attempts += 1;
    // A cluster client notes each repetition, refused or not, and sends its notes whenever slots move. One that cannot be
    // told to forget it has no connection, for which the attempt itself fails.
    if (client.isCluster && isSharded && attempts > 1) unsubscribe().catch(() => {});
    const current = attempts;
    // A client may hold a command back while it reconnects: only the newest attempt counts.
    const isCurrent = () => !isEnded && current === attempts;
    subscribe().then(
      () => {
        if (!isCurrent()) return;
        if (!isStanding) onStanding?.();
        isStanding = true;
        // A cluster client watches over its connections by itself.
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
    givePlaceBack();
    client.off('ready', attempt);
    client.off('close', lost);
    client.off('subscribersReady', renewed);
    clearTimeout(next);
    if (client.status !== 'ready') return;
    // A connection that breaks now takes the subscription with it. One that hangs holds the command back until it breaks.
    await settleWithin(END_MS, unsubscribe()).catch(() => {});
  };
}
