import { type Response, Router } from 'express';
import { type Logger, silentLogger } from './logger.js';

/** Passes by returning or resolving, fails by throwing or rejecting. */
export type HealthCheck = () => unknown;

/** Options of {@link healthRoutes}. */
export interface HealthOptions {
  /** What this process needs to serve, by name. The names are public; why one failed goes to the log only. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
  /** What `/metrics` answers; without it there is no such route. */
  readonly prometheus?: { readonly contentType: string; text(): Promise<string> };
  /** How long one check may take, in milliseconds, before it counts as failed. Default 1,000. */
  readonly timeoutMs?: number;
  readonly logger?: Logger;
}

/** How many questions wait for one hanging check before it is given up and started anew. */
const MAX_TIMEOUTS = 5;

type Outcome = 'ok' | 'failed';

/**
 * Routes for those who watch: `/healthz` answers 200 while the process can answer at all; `/readyz` runs every check and
 * answers 200, or 503 when one failed, with the outcome of each by name; `/metrics` answers in Prometheus' format.
 */
export function healthRoutes({ checks, prometheus, timeoutMs = 1_000, logger = silentLogger }: HealthOptions): Router {
  const probes = Object.entries(checks).map(([name, check]) => createProbe(name, check, timeoutMs, logger));
  const router = Router();

  router.get('/healthz', (_request, response) => {
    fresh(response).json({ status: 'ok' });
  });

  router.get('/readyz', async (_request, response) => {
    const outcomes = await Promise.all(probes.map(async ({ name, run }) => [name, await run()] as const));
    const status: Outcome = outcomes.every(([, outcome]) => outcome === 'ok') ? 'ok' : 'failed';
    fresh(response)
      .status(status === 'ok' ? 200 : 503)
      .json({ status, checks: Object.fromEntries(outcomes) });
  });

  if (prometheus) {
    router.get('/metrics', async (_request, response) => {
      const text = await prometheus.text();
      fresh(response).type(prometheus.contentType).send(text);
    });
  }
  return router;
}

/** An answer that nothing between here and the asker may keep. */
function fresh(response: Response): Response {
  return response.set('Cache-Control', 'no-store');
}

interface Probe {
  readonly name: string;
  run(): Promise<Outcome>;
}

function createProbe(name: string, check: HealthCheck, timeoutMs: number, logger: Logger): Probe {
  // A check that hangs is waited for again, not started again: probes must not pile up on what is already stuck.
  let running: Promise<unknown> | undefined;
  let timeouts = 0;
  let last: Outcome = 'ok';

  function start(): Promise<unknown> {
    const started = invoke(check).finally(() => {
      if (running === started) running = undefined;
    });
    running = started;
    timeouts = 0;
    return started;
  }

  async function run(): Promise<Outcome> {
    try {
      await within(running ?? start(), timeoutMs);
      note('ok');
      return 'ok';
    } catch (error) {
      if (error instanceof CheckTimeoutError) timeouts += 1;
      // One that never ends must not keep a process out of service whose dependency is long back.
      if (timeouts >= MAX_TIMEOUTS) running = undefined;
      note('failed', error);
      return 'failed';
    }
  }

  /** Logs changes only: whoever watches asks every few seconds. */
  function note(outcome: Outcome, error?: unknown): void {
    if (outcome === last) return;
    last = outcome;
    if (outcome === 'ok') logger.info({ check: name }, 'readiness check passes again');
    else logger.warn({ check: name, err: error }, 'readiness check failed');
  }

  return { name, run };
}

/** Turns a throw into a rejection. */
async function invoke(check: HealthCheck): Promise<unknown> {
  return check();
}

/** A readiness check did not end in time. */
class CheckTimeoutError extends Error {
  readonly code = 'check_timeout';

  constructor(timeoutMs: number) {
    super(`the check did not end within ${timeoutMs} ms`);
    this.name = 'CheckTimeoutError';
  }
}

async function within(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CheckTimeoutError(timeoutMs)), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
