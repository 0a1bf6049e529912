import type { LiveRead } from '@querycast/platform-server/src/dashboards/live-reads.js';
import type { Cache } from '@querycast/server';
import { medianOf, type Percentiles, percentilesOf } from '../../figures/percentiles.js';
import type { TimedClient } from '../timed-client.js';
import { readResults, requireResults } from './cache-counters.js';
import { countRows } from './count-rows.js';
import type { Garbage } from './garbage.js';
import { tokenOf, type Viewer } from './viewers.js';

/** What a pass needs. */
export interface PassTools {
  readonly url: string;
  readonly authSecret: string;
  readonly http: TimedClient;
  readonly evictor: Pick<Cache, 'evict'>;
  readonly garbage: Garbage;
}

/** One read by several viewers, first computed, then from the cache. */
export interface Pass {
  readonly cold: Percentiles;
  readonly cached: Percentiles;
  /** `GET /api/auth/me` right after each read from the cache: what any answer costs here and now, at least. */
  readonly floor: Percentiles;
  /** Median size of an answer. */
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Lets each viewer read once right after an eviction, then once more. In two goes, because whoever computed is answered
 * before the cache has the value. Rejects when the platform's own counters say that an answer came from elsewhere.
 */
export async function measurePass(read: LiveRead, viewers: readonly Viewer[], tools: PassTools): Promise<Pass> {
  const { url, authSecret, evictor } = tools;
  const tokens = await Promise.all(viewers.map((viewer) => tokenOf(viewer, authSecret)));
  const readers = viewers.map((viewer, index) => ({ viewer, token: tokens[index] ?? '' }));
  const ownerKind = read.entry(0, 0).owner.split(':', 1)[0] ?? '';
  const cold: Measured[] = [];
  const cached: Measured[] = [];
  const floor: Measured[] = [];

  const start = await readResults(url, ownerKind);
  for (const { viewer, token } of readers) {
    await evictor.evict([read.entry(viewer.id, viewer.studentId).owner]);
    cold.push(await ask(tools, pathOf(read, viewer), token));
  }
  const between = await readResults(url, ownerKind);
  requireResults(start, between, { result: 'miss', count: viewers.length });
  for (const { viewer, token } of readers) {
    cached.push(await ask(tools, pathOf(read, viewer), token));
    floor.push(await ask(tools, '/api/auth/me', token));
  }
  requireResults(between, await readResults(url, ownerKind), { result: 'hit', count: viewers.length });
  return {
    cold: percentilesOf(cold.map(({ ms }) => ms)),
    cached: percentilesOf(cached.map(({ ms }) => ms)),
    floor: percentilesOf(floor.map(({ ms }) => ms)),
    rows: medianOf(cold.map(({ rows }) => rows)),
    bytes: medianOf(cold.map(({ bytes }) => bytes)),
  };
}

/** Of one answer, which is not kept. */
interface Measured {
  readonly ms: number;
  readonly rows: number;
  readonly bytes: number;
}

function pathOf({ endpoint }: LiveRead, { studentId }: Viewer): string {
  return endpoint.replace(/^GET /, '').replace(/:\w+/, String(studentId));
}

async function ask({ http, garbage }: PassTools, path: string, token: string): Promise<Measured> {
  const { status, body, ms } = await http.get(path, token);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  const rows = countRows(JSON.parse(body.toString()));
  garbage.left(body.length);
  return { ms, rows, bytes: body.length };
}
