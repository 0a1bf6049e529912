import { failureMessage } from './failure-message.js';
import type { PassTools } from './pass.js';
import type { PlannedEnvelope } from './plan.js';

/**
 * Tells the application what was published so long after it was claimed, if anything was. Whatever becomes of that is none
 * of the relay's business.
 */
export function tellPublished(
  acknowledged: readonly PlannedEnvelope[],
  elapsedMs: number,
  { published, logger, metrics }: Pick<PassTools, 'published' | 'logger' | 'metrics'>,
): void {
  if (!published || acknowledged.length === 0) return;
  const pushes = acknowledged.map(({ room, keys, rows, ageMs }) => ({ room, keys, rows, ageMs: ageMs + elapsedMs }));
  // Also one that is async and rejects, which would end the process. Not awaited: a pass does not wait for it.
  new Promise<void>((resolve) => resolve(published(pushes))).catch((error) => {
    metrics.count('relay_errors_total', { step: 'published' });
    logger.warn({ error: failureMessage(error) }, 'listener to what was published failed');
  });
}
