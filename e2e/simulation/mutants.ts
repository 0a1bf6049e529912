import type { Patch } from './run/bundle.js';

/** A mistake that somebody could make, and that the simulation must notice. */
export interface Mutant {
  readonly name: string;
  /** Beginnings of the names of the faults under which it shows. */
  readonly under: readonly string[];
  /** Where to begin: the first seed that showed it when it was written down. What is rare would take long from 1 on. */
  readonly from: number;
  readonly patches: readonly Patch[];
}

const ROOM_CORE = 'server/src/gateway/room-core.ts';
const POSITIONS = 'web/src/client/positions.ts';

/** Some mistakes the sweep would make good half a minute later: they must show without it. */
const UNSWEPT = patch(
  'server/src/gateway/room-hub.ts',
  'sweepIntervalMs = DEFAULT_SWEEP_INTERVAL_MS }',
  'sweepIntervalMs = Number.POSITIVE_INFINITY }',
);

/** Each is a guarantee taken away. What stands in Lua is taken away in the model that a test holds to the Lua. */
export const MUTANTS: readonly Mutant[] = [
  mutant(
    'the gateway merges over a hole',
    ['the envelopes of a node'],
    ROOM_CORE,
    'if (envelope.prev === room.head) {',
    'if (room.head) {',
    36,
  ),
  mutant(
    'the client advances on a frame behind a gap',
    ['the messages of a page'],
    POSITIONS,
    'next: continues ? { applied: position } : progress };',
    'next: { applied: position } };',
  ),
  mutant(
    'the client advances before the first row',
    ['the messages of a page'],
    POSITIONS,
    'if (!applied) return { next: progress };',
    'if (!applied) return { next: { applied: position } };',
    324,
  ),
  mutant(
    'the client advances by a header',
    ['a page is slow'],
    POSITIONS,
    'return isKept ? progress : { resume: position };',
    'return progress.applied && covers(position, progress.applied) ? { applied: position } : isKept ? progress : { resume: position };',
  ),
  mutant(
    'a room keeps its epoch through a failover',
    ['the log fails over'],
    'e2e/simulation/model/redis-scripts.ts',
    'if (!head || head.incarnation !== incarnation) {',
    'if (!head) {',
  ),
  mutant(
    'a room keeps its epoch through failover and failback',
    ['the log fails over and back'],
    'e2e/simulation/model/redis-server.ts',
    'return server.replid;',
    'return server.runId;',
  ),
  mutant(
    'a log key is evicted without raising the floor',
    ['the log of a room is evicted'],
    'e2e/simulation/model/redis-scripts.ts',
    "if (head.offset > 0 && !head.hasLog) write({ type: 'floor', room });",
    '',
  ),
  {
    name: 'the log is read before the subscription stands',
    from: 39,
    under: ['the way of a node to the log is slow'],
    patches: [
      patch(
        ROOM_CORE,
        "if (room.subscription !== 'open' || room.rowReads > 0) return;",
        'if (room.rowReads > 0) return;',
      ),
      patch(
        ROOM_CORE,
        'room.retryAt = undefined;\n  readWaiting(room, effects);\n  readAgain(room, effects);',
        'room.retryAt = undefined;\n  readWaiting(room, effects);',
      ),
      UNSWEPT,
    ],
  },
  mutant(
    'sessions that resume from different positions share a row',
    ['the way of a node to the log is slow'],
    ROOM_CORE,
    'const group = groups.get(waiter.since);',
    'const [group] = groups.values();',
    41,
  ),
  mutant(
    'nothing is read again when the broker is back',
    ['a node loses its way to the log', 'the log restarts with all'],
    ROOM_CORE,
    "if (room.subscription === 'open') readAgain(room, effects);",
    '',
  ),
  { name: 'nothing is swept', from: 1, under: ['a node loses a subscription'], patches: [UNSWEPT] },
  mutant(
    'frames that were held while a row was read are dropped',
    ['the way of a node to the log is slow'],
    'server/src/gateway/session-core.ts',
    "for (const frame of framesAfter(row, held)) effects.push({ type: 'frame', frame });",
    '',
    72,
  ),
  mutant(
    'rows are not published again for another life of the broker',
    ['the log fails over', 'the log restarts with older'],
    'server/src/outbox/relay.ts',
    "const rows = await step('replay', () => reopen(pool, life, replayMs, clock?.()));",
    'const rows = 0 * replayMs;',
  ),
  mutant(
    'a row is done although its eviction failed',
    ['a relay loses its way to the cache'],
    'server/src/outbox/pass.ts',
    'else if (!evicted) result.postponed.push({ id, delayMs });',
    '',
  ),
  mutant(
    'published first, evicted afterwards',
    ['a page is slow'],
    'server/src/outbox/pass.ts',
    'const { unevicted, cacheLife } = await evict(work, tools);',
    'const [unevicted, cacheLife] = [new Set<string>(), undefined]; void new Promise((resolve) => setTimeout(resolve, 200)).then(() => evict(work, tools));',
  ),
  mutant(
    'a generation of an earlier life of the cache counts',
    ['the cache restarts with older', 'the cache fails over'],
    'server/src/cache/generation.ts',
    "return generation.slice(0, generation.lastIndexOf('.')) === incarnation;",
    'return incarnation.length > 0;',
  ),
  mutant(
    'nothing is evicted again for another life of the cache',
    ['the cache fails over, and its old master lives on'],
    'server/src/outbox/cache-lives.ts',
    'if (areOthers || life !== paid) due = life;',
    'if (paid === undefined) due = life;',
    11,
  ),
  mutant(
    'who has read from a superseded master of the cache begins no new life',
    ['the cache fails over, and its old master lives on'],
    'server/src/cache/life.ts',
    'read = next;\n    hasMoved = true;',
    'read = next;',
    24,
  ),
  mutant(
    'a computation is kept under the generation that is there when it ends',
    ['computations are slow'],
    'server/src/cache/cache.ts',
    'if (await lookup.lookUnder(read, generation)) await store.set(read.key, sealEntry(generation, json), read.ttlMs);',
    'const present = await lookup.look(read);\n      if (present) await store.set(read.key, sealEntry(present.generation, json), read.ttlMs);',
  ),
  mutant(
    'whoever comes late joins a flight from before the eviction',
    ['computations are slow'],
    'server/src/cache/cache.ts',
    '\\n$' + '{generation}`, Math.min(waitMs, leftMs)',
    '`, Math.min(waitMs, leftMs)',
  ),
  mutant(
    'the position is read beside the data',
    ['the way of a node to the log is slow'],
    'server/src/publisher/position-header.ts',
    'if (rooms.length === 0) return next();',
    'if (rooms.length === 0) return next();\n    next();',
  ),
  mutant(
    'a fetch that does not cover a change counts for it',
    ['a page is slow'],
    'web/src/query/schedule.ts',
    'const owes = isAnswered && proof ? lacksAny(proof, known) : record.owes;',
    'const owes = !isAnswered && record.owes;',
  ),
  mutant(
    'data from before the first row is taken for current',
    ['the way of a node to the log is slow'],
    'web/src/query/scheduler.ts',
    "if (news.status === 'recovered') return",
    "if (news.status === 'recovered' || news.status === 'fresh') return",
  ),
];

function mutant(name: string, under: readonly string[], file: string, find: string, replace: string, from = 1): Mutant {
  return { name, under, from, patches: [patch(file, find, replace)] };
}

function patch(file: string, find: string, replace: string): Patch {
  return { file, find, replace };
}
