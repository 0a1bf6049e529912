import { type Authenticate, AuthenticationError } from '@querycast/server';
import express, { type RequestHandler, type Router } from 'express';
import { createGate, type Gate } from '../support/gate.js';
import { signToken } from '../support/token.js';

/** Who is logged in at every page; logging in is not what these tests are about. */
export const USER = 'ann';

/** A request as it came in: `GET a`, `POST a`, or `POST token`. */
export interface ApiRequest {
  readonly request: string;
  /** Whose token it carried; nobody's when it had none, or one that was over. */
  readonly user: string | undefined;
  /** When, in milliseconds of `performance.now()` in the test. */
  readonly at: number;
}

/** When a request is held: before it is acted on, or, as by default, when only its answer is missing. */
export type Stage = 'before' | 'after';

/** Counters behind REST, whose answers take as long as the test wants. */
export interface CountersApi {
  readonly router: Router;
  readonly requests: readonly ApiRequest[];
  count(name: string): number;
  /** Counts one more, without a word to anybody. */
  add(name: string): number;
  /** Hears of every count that came by `POST`, before it is answered unless `TELL a` is held. */
  onAdded(listener: (name: string) => void): void;
  /** Holds the next such request, e.g. `GET a`, or the news of one, `TELL a`, until the gate opens. */
  hold(what: string, stage?: Stage): Gate;
  /** Answers such requests with 503 until taken back. */
  refuse(request: string): () => void;
}

/** What {@link createCountersApi} needs. */
export interface CountersApiOptions {
  readonly authenticate: Authenticate;
  /** Sets the position header, or nothing. */
  readonly positions: RequestHandler;
  /** How long a token lasts, in seconds, as its claims have it. */
  readonly tokenLifeSeconds: number;
}

/** Creates counters that all stand at 1. */
export function createCountersApi({ authenticate, positions, tokenLifeSeconds }: CountersApiOptions): CountersApi {
  const requests: ApiRequest[] = [];
  const counts = new Map<string, number>();
  const gates: { what: string; stage: Stage; gate: Gate }[] = [];
  const refused = new Set<string>();
  let tell = (_name: string): void => {};

  const count = (name: string) => counts.get(name) ?? 1;
  const add = (name: string) => {
    counts.set(name, count(name) + 1);
    return count(name);
  };

  async function pass(what: string, stage: Stage): Promise<void> {
    const index = gates.findIndex((held) => held.what === what && held.stage === stage);
    if (index !== -1) await gates.splice(index, 1)[0]?.gate.pass();
  }

  async function userOf(token: string): Promise<string | undefined> {
    try {
      return (await authenticate(token)).id;
    } catch (error) {
      if (error instanceof AuthenticationError) return undefined;
      throw error;
    }
  }

  const router = express.Router();
  router.use('/counters/:name', async ({ method, params, headers }, res, next) => {
    const request = `${method} ${String(params.name)}`;
    const user = await userOf(headers.authorization?.replace('Bearer ', '') ?? '');
    requests.push({ request, user, at: performance.now() });
    if (user === undefined || refused.has(request)) res.sendStatus(user === undefined ? 401 : 503);
    else next();
  });
  router.use('/counters', positions);
  router.get('/counters/:name', async ({ params: { name } }, res) => {
    await pass(`GET ${name}`, 'before');
    const body = { name, count: count(name) };
    await pass(`GET ${name}`, 'after');
    res.json(body);
  });
  router.post('/counters/:name', async ({ params: { name } }, res) => {
    await pass(`POST ${name}`, 'before');
    const body = { name, count: add(name) };
    void pass(`TELL ${name}`, 'after').then(() => tell(name));
    await pass(`POST ${name}`, 'after');
    res.json(body);
  });
  router.post('/token', (_req, res) => {
    requests.push({ request: 'POST token', user: USER, at: performance.now() });
    const now = Date.now() / 1_000;
    if (refused.has('POST token')) res.sendStatus(503);
    else res.json({ token: signToken({ sub: USER, exp: now + tokenLifeSeconds }) });
  });

  return {
    router,
    requests,
    count,
    add,
    onAdded: (listener) => {
      tell = listener;
    },
    hold(what, stage = 'after') {
      const gate = createGate();
      gates.push({ what, stage, gate });
      return gate;
    },
    refuse(request) {
      refused.add(request);
      return () => void refused.delete(request);
    },
  };
}
