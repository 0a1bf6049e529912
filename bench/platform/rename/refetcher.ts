import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type LiveRole, readOfRoot } from '@querycast/platform-server/src/dashboards/live-reads.js';
import { percentilesOf } from '../../figures/percentiles.js';
import { tokenOf } from '../reads/viewers.js';
import { timedRequest } from '../timed-client.js';
import type { RefetchFigures } from './rename-figures.js';
import type { HeardFrame } from './sockets.js';

/** Fetches what frames say is stale, as the pages of everybody concerned would if each showed all of it. */
export interface Refetcher {
  /** Fetches the frame's keys after a random part of its time. */
  heard(frame: HeardFrame): void;
  /** Resolves when everything is fetched; `undefined` when there was nothing. Forgets what was fetched. */
  finished(committedMs: number): Promise<RefetchFigures | undefined>;
}

/** A browser has six connections; these people have as many browsers. */
const CONNECTIONS = 200;

/** Creates one; it rejects in `finished` when an answer was none. */
export function createRefetcher(url: string, authSecret: string): Refetcher {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let underWay: Promise<Fetched[]>[] = [];

  async function refetch({ person, frame }: HeardFrame): Promise<Fetched[]> {
    await delay(Math.random() * (frame.spreadMs ?? 0));
    const token = await tokenOf(person, authSecret);
    return Promise.all(
      frame.keys.map(async ([root, studentId]) => {
        const { endpoint } = readOfRoot(person.role as LiveRole, String(root));
        const path = endpoint.replace(/^GET /, '').replace(/:\w+/, String(studentId));
        const { status, ms } = await timedRequest({ agent, method: 'GET', url: new URL(path, url), token });
        if (status !== 200) throw new Error(`${endpoint} answered ${status} to ${person.room}`);
        return { ms, atMs: performance.now() };
      }),
    );
  }

  return {
    heard(frame) {
      const fetching = refetch(frame);
      // What it rejects with is told when somebody asks.
      fetching.catch(() => {});
      underWay.push(fetching);
    },
    async finished(committedMs) {
      const fetched = (await Promise.all(underWay)).flat();
      underWay = [];
      if (fetched.length === 0) return undefined;
      const lastMs = Math.max(...fetched.map(({ atMs }) => atMs)) - committedMs;
      return { count: fetched.length, answers: percentilesOf(fetched.map(({ ms }) => ms)), lastMs };
    },
  };
}

interface Fetched {
  readonly ms: number;
  readonly atMs: number;
}
