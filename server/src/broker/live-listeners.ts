import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';

/** Hears whether a broker is reachable, and in which life of its log. */
export type LiveListener = (live: boolean, incarnation?: string) => void;

/** Those who want to know whether a broker is reachable. */
export interface LiveListeners {
  /** Tells the present state at once and every change. Returns its unsubscribe. */
  add(listen: LiveListener): () => void;
  /** Changes the state and tells everybody. `incarnation` belongs to `true`. */
  tell(live: boolean, incarnation?: string): void;
  /** Forgets everybody. */
  clear(): void;
}

/** Creates an empty list, not live. A listener that throws is logged and counted; the others hear all the same. */
export function createLiveListeners(options: { readonly logger: Logger; readonly metrics: Metrics }): LiveListeners {
  const { logger, metrics } = options;
  const listeners = new Set<{ readonly listen: LiveListener }>();
  let state: readonly [live: boolean, incarnation?: string] = [false];

  function call({ listen }: { readonly listen: LiveListener }): void {
    try {
      listen(...state);
    } catch (error) {
      // A listener's fault must not keep the others from hearing, nor `close` from finishing.
      metrics.count('broker_deliver_errors_total');
      logger.error({ live: state[0], error }, 'broker listener threw');
    }
  }

  return {
    add(listen) {
      const listener = { listen };
      listeners.add(listener);
      call(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell(live, incarnation) {
      state = live && incarnation !== undefined ? [live, incarnation] : [live];
      for (const listener of listeners) call(listener);
    },
    clear() {
      listeners.clear();
    },
  };
}
