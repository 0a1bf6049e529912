import type { Refusal } from '@querycast/protocol';
import type { LimitName } from './limit-reports.js';
import { type GatewayLimits, LIMIT_WINDOW_MS } from './limits.js';
import { createRate } from './rate.js';
import type { ClientHandlers } from './socket-io.js';
import type { Timers } from './timers.js';

/**
 * What one client may do, as long as it does not do it too often: over a limit its messages are answered `rate_limited`, and
 * those that cannot be answered are ignored. `reached` hears of each.
 */
export function limitMessages(
  client: ClientHandlers,
  { limits, timers, reached }: { limits: GatewayLimits; timers: Timers; reached(limit: LimitName): void },
): ClientHandlers {
  const mayCome = createRate({ limit: limits.messagesPerSocket, perMs: LIMIT_WINDOW_MS }, timers);
  const maySubscribe = createRate({ limit: limits.subscribesPerSocket, perMs: LIMIT_WINDOW_MS }, timers);

  function refusal(limit: 'messagesPerSocket' | 'subscribesPerSocket'): Refusal {
    reached(limit);
    const what = limit === 'messagesPerSocket' ? 'messages' : 'subscriptions';
    const message = `a session may send ${limits[limit]} ${what} in ${LIMIT_WINDOW_MS / 1_000} s: try again later`;
    return { ok: false, code: 'rate_limited', message };
  }

  return {
    ...client,
    async subscribe(message, answer) {
      if (!mayCome()) answer(refusal('messagesPerSocket'));
      else if (!maySubscribe()) answer(refusal('subscribesPerSocket'));
      else await client.subscribe(message, answer);
    },
    async unsubscribe(message, answer) {
      if (mayCome()) await client.unsubscribe(message, answer);
      else answer(refusal('messagesPerSocket'));
    },
    async renew(message, answer) {
      if (mayCome()) await client.renew(message, answer);
      else answer(refusal('messagesPerSocket'));
    },
    unanswerable() {
      if (mayCome()) client.unanswerable();
      else reached('messagesPerSocket');
    },
  };
}
