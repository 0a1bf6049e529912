import type { Patch } from '../simulation/run/bundle.js';

/** A rule of the product switched off. */
export interface Mutant {
  readonly name: string;
  /** The scene that shows it. */
  readonly scene: string;
  readonly patches: readonly Patch[];
}

const EVIDENCE = 'web/src/query/evidence.ts';
const SCHEDULE = 'web/src/query/schedule.ts';
const SCHEDULER = 'web/src/query/scheduler.ts';
const BINDER = 'web/src/query/bind-query-client.ts';

const LOADED = 'a loaded page';
const FIRST_LOAD = 'a first load';

/** One for each rule. */
export const MUTANTS: readonly Mutant[] = [
  mutant(
    'positions decide nothing',
    LOADED,
    EVIDENCE,
    'if (reached === undefined) return since < debt.since;',
    'return since < debt.since;',
  ),
  mutant(
    'the start of a fetch decides nothing',
    LOADED,
    EVIDENCE,
    'if (reached === undefined) return since < debt.since;',
    'if (reached === undefined) return false;',
  ),
  mutant(
    'a frame during a first load is forgotten',
    FIRST_LOAD,
    SCHEDULE,
    'const isCovered = ',
    'if (isRunning && !data) return [record];\n  const isCovered = ',
  ),
  mutant(
    'a frame during a refetch or a prefetch is forgotten',
    LOADED,
    SCHEDULE,
    'const isCovered = ',
    'if (isRunning) return [record];\n  const isCovered = ',
  ),
  mutant(
    'what was paid is forgotten, though an answer may be older',
    LOADED,
    SCHEDULE,
    'isAnswered && proof ? lacksAny(proof, known)',
    'isAnswered && proof ? record.owes && lacksAny(proof, known)',
  ),
  mutant(
    'an answer that stays behind is not fetched again',
    LOADED,
    SCHEDULE,
    'if (attempts <= MAX_RETRIES)',
    'if (attempts > MAX_RETRIES)',
  ),
  {
    name: 'a running fetch is disturbed',
    scene: LOADED,
    patches: [
      patch(SCHEDULE, 'if (isRunning || isWaiting) return', 'if (isWaiting) return'),
      patch(BINDER, '{ cancelRefetch: false }', '{ cancelRefetch: true }'),
    ],
  },
  mutant(
    'a fetch that failed is not owed any more',
    LOADED,
    SCHEDULE,
    "return dueIn(delayMs(record.failures, moment), again, moment, result === 'cancelled');",
    "return [{ ...again, due: undefined }, 'mark'];",
  ),
  mutant(
    'what is due is marked only when it is fetched',
    LOADED,
    SCHEDULE,
    "return [{ ...record, due: { atMs: nowMs + inMs, setAtMs: nowMs, mayComeSooner } }, 'mark'];",
    'return [{ ...record, due: { atMs: nowMs + inMs, setAtMs: nowMs, mayComeSooner } }];',
  ),
  mutant(
    'a quiet query waits for a window, too',
    LOADED,
    SCHEDULE,
    'if (!window || window.startMs > nowMs) return 0;',
    'if (!window || window.startMs > nowMs) return FIRST_WINDOW_MS;',
  ),
  mutant(
    'a busy query has no window',
    LOADED,
    SCHEDULE,
    'return Math.max(0, window.startMs + window.lengthMs - nowMs);',
    'return 0;',
  ),
  mutant(
    'the last change of a window is left out',
    LOADED,
    SCHEDULE,
    'if (isRunning || isWaiting) return',
    'if (isRunning || isWaiting || windowLeftMs(record, moment) > 0) return',
  ),
  {
    name: 'every change puts the fetch off anew',
    scene: 'a busy query',
    patches: [
      patch(SCHEDULE, 'if (isRunning || isWaiting) return', 'if (isRunning) return'),
      patch(
        SCHEDULE,
        'Math.max(moment.random * spreadMs, windowLeftMs(record, moment))',
        'Math.max(moment.random * spreadMs, record.window?.lengthMs ?? 0)',
      ),
    ],
  },
  mutant(
    'an urgent change waits for the spread of another one',
    'frames with a spread',
    SCHEDULE,
    'const isWaiting = due && !(due.mayComeSooner && due.atMs > moment.nowMs + spreadMs);',
    'const isWaiting = due;',
  ),
  mutant('a hidden page fetches', LOADED, BINDER, '|| !focusManager.isFocused()', ''),
  mutant(
    'nobody notices that a page is shown',
    LOADED,
    BINDER,
    'lackingSinceMs.clear();\n      tick();',
    'lackingSinceMs.clear();',
  ),
  mutant(
    'nothing is polled without a connection',
    LOADED,
    BINDER,
    "send({ type: 'poll', mounted: new Set(cache.findAll({ type: 'active', predicate: filter }).map(hashOf)) }),",
    'undefined,',
  ),
  mutant(
    'a mutation holds nothing',
    LOADED,
    BINDER,
    'roots.has(cache.get(hash)?.queryKey[0])',
    'false && roots.has(hash)',
  ),
  mutant(
    'the end of a mutation releases nothing',
    LOADED,
    BINDER,
    "if (type === 'removed' || mutation.state.status !== 'pending' || mutation.state.isPaused) tick();",
    'void type;',
  ),
  mutant('a mutation holds for ever', LOADED, SCHEDULE, 'if (isHeld && heldSinceMs === undefined) {', 'if (isHeld) {'),
  mutant(
    'data that the application writes takes the mark off',
    LOADED,
    BINDER,
    "(action.type === 'success' && action.manual) ||",
    '',
  ),
  mutant(
    'what is not in use is fetched as well',
    LOADED,
    BINDER,
    'invalidateQueries({ predicate },',
    "invalidateQueries({ predicate, refetchType: 'all' },",
  ),
  mutant(
    'what a row names is not applied',
    LOADED,
    SCHEDULER,
    'if (news.matched?.has(record.hash)) return news.position;',
    "if (news.type === 'frame') return news.position;",
  ),
  mutant(
    'data from before the first row is taken for current',
    'before the first row',
    SCHEDULER,
    "if (news.status === 'recovered') return news.first ? news.sent : undefined;",
    "if (news.status !== 'resync') return news.first ? news.sent : undefined;",
  ),
  mutant(
    'another epoch changes nothing for a first load that failed',
    FIRST_LOAD,
    SCHEDULE,
    'record.runningSince !== undefined || record.owes;',
    'record.runningSince !== undefined;',
  ),
];

function mutant(name: string, scene: string, file: string, find: string, replace: string): Mutant {
  return { name, scene, patches: [patch(file, find, replace)] };
}

function patch(file: string, find: string, replace: string): Patch {
  return { file, find, replace };
}
