/** An issuer's public keys by address. Together with jwt.ts the only file that imports jose. */
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';

/** From this age on the keys are fetched anew, in the background, in milliseconds: 10 minutes. */
export const REFRESH_AFTER_MS = 10 * 60_000;

/**
 * Longest that keys count without having been fetched anew, in milliseconds: an hour. An issuer that is away for less
 * locks out nobody whose key is known; a key that it withdrew meanwhile lives no longer than that.
 */
export const TRUSTED_FOR_MS = 60 * 60_000;

/** Least time between two fetches, in milliseconds: 10 seconds. Made-up key ids cannot ask the issuer more often. */
export const FETCH_COOLDOWN_MS = 10_000;

/** Least time between two fetches while there is no key that counts, in milliseconds: nobody can be authenticated then. */
export const RETRY_AFTER_MS = 1_000;

/** Longest that the issuer may take, in milliseconds. */
const FETCH_TIMEOUT_MS = 5_000;

/** Largest key set: a thousand times what an issuer needs would be somebody else's answer. */
const MAX_KEY_SET_BYTES = 256 * 1024;

/** What a key set of an address needs besides it. */
export interface KeySetTools {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Looks keys up in a key set that is fetched when it is needed first. Who presents a token of a known key waits for no
 * fetch, unless the keys have not been seen for {@link TRUSTED_FOR_MS}. An unknown key id causes one fetch for all who
 * wait, and none within {@link FETCH_COOLDOWN_MS} of the last one. Rejects with jose's `JWKSNoMatchingKey` when the issuer
 * has no such key, with another error when it could not be asked.
 */
export function remoteKeySet(url: URL, { clock, logger, metrics }: KeySetTools): JWTVerifyGetKey {
  // When to fetch is decided here: jose would let those who present a known key wait for it.
  const remote = createRemoteJWKSet(url, {
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
    timeoutDuration: FETCH_TIMEOUT_MS,
    [customFetch]: fetchBounded,
  });
  let fetchedAtMs: number | undefined;
  let triedAtMs: number | undefined;
  let failure: unknown;
  let running: Promise<void> | undefined;

  /** One for all. */
  function refresh(): Promise<void> {
    running ??= fetchKeys().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function fetchKeys(): Promise<void> {
    triedAtMs = clock();
    try {
      await remote.reload();
      fetchedAtMs = clock();
      failure = undefined;
    } catch (error) {
      failure = error;
      metrics.count('key_set_fetch_errors_total');
      logger.warn({ err: error, issuer: url.host }, 'key set of the issuer not fetched');
      throw error;
    }
  }

  const isTrusted = () => fetchedAtMs !== undefined && isWithin(clock(), fetchedAtMs, TRUSTED_FOR_MS);
  const isCoolingDown = () =>
    triedAtMs !== undefined && isWithin(clock(), triedAtMs, isTrusted() ? FETCH_COOLDOWN_MS : RETRY_AFTER_MS);

  async function refreshUnlessJustFailed(): Promise<void> {
    if (!running && isCoolingDown() && failure !== undefined) throw failure;
    await refresh();
  }

  return async (header, token) => {
    if (!isTrusted()) await refreshUnlessJustFailed();
    else if (!isCoolingDown() && !isWithin(clock(), fetchedAtMs ?? 0, REFRESH_AFTER_MS)) {
      // Logged and counted where it fails; the keys at hand still count.
      refresh().catch(() => undefined);
    }
    try {
      return await remote(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // The keys were seen a moment ago: there is no such key.
      if (!running && isCoolingDown() && failure === undefined) throw error;
      await refreshUnlessJustFailed();
      return remote(header, token);
    }
  };
}

/** Also false when the clock was set back: then nothing is known. */
function isWithin(nowMs: number, sinceMs: number, durationMs: number): boolean {
  return nowMs >= sinceMs && nowMs - sinceMs < durationMs;
}

/** Fetches no more than a key set can have; a redirect comes back as it is and is no key set. */
async function fetchBounded(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > MAX_KEY_SET_BYTES) throw new errors.JWKSInvalid('the key set is larger than any');
    chunks.push(chunk);
  }
  // Statuses without a body may not be given one.
  return response.status === 200 ? new Response(Buffer.concat(chunks)) : response;
}
