import type { QueryKey as LiveQueryKey } from '@querycast/protocol';
import {
  CancelledError,
  focusManager,
  notifyManager,
  type Query,
  type QueryCacheNotifyEvent,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import type { LiveClient } from '../client/live-client.js';
import type { LiveEvent } from '../client/live-event.js';
import { systemTimers, type Timers } from '../client/timers.js';
import { headerNotesOf } from './header-notes.js';
import { startPolling } from './poll.js';
import type { FetchResult, QueryHash } from './schedule.js';
import { createScheduler, type ScheduleEvent } from './scheduler.js';

/** A query whose responses stayed behind an announced change, however often it was fetched, or were final errors. */
export interface BehindReport {
  readonly queryKey: QueryKey;
  /** Fetches in vain. */
  readonly attempts: number;
}

/** Options of {@link bindQueryClient}. */
export interface BindOptions {
  readonly client: LiveClient;
  readonly queryClient: QueryClient;
  /** Which queries are live; default: all. */
  readonly filter?: ((query: Query) => boolean) | undefined;
  /** Hears of queries that stay behind; they are marked stale but no longer refetched until the next change. */
  readonly onBehind?: ((report: BehindReport) => void) | undefined;
  /** Time between two polls while the client is not live, in milliseconds, give or take a fifth; default 30,000. */
  readonly pollEveryMs?: number | undefined;
  /** Uniform in [0, 1); default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Default: the browser's. */
  readonly timers?: Timers | undefined;
}

/**
 * Lets a live client keep a query cache fresh; answers the unbind. Bind before `client.start()`: what arrives without a
 * binder marks nothing as stale.
 *
 * @example
 * ```ts
 * const unbind = bindQueryClient({ client, queryClient, filter: (query) => query.queryKey[0] !== 'local' });
 * ```
 */
export function bindQueryClient(options: BindOptions): () => void {
  const { client, queryClient, onBehind, filter = () => true, random = Math.random, timers = systemTimers } = options;
  const cache = queryClient.getQueryCache();
  const notes = headerNotesOf(queryClient);
  const scheduler = createScheduler();
  /** When the oldest frame came that a query in use lacks, in milliseconds since 1970. */
  const lackingSinceMs = new Map<QueryHash, number>();
  let isBound = true;
  let wakeAtMs = NEVER.atMs;
  let cancelWake = () => {};

  function send(event: ScheduleEvent): void {
    const nowMs = timers.nowMs();
    const changes = scheduler.send(event, { nowMs, random: random() });
    const due = new Set<QueryHash>();
    notifyManager.batch(() => {
      for (const [{ hash }, action] of changes) {
        if (action === 'refetch') due.add(hash);
        else if (action) cache.get(hash)?.invalidate();
      }
    });
    for (const [{ hash, due: { atMs } = NEVER, attempts, owes }, action] of changes) {
      wakeBy(atMs);
      const sinceMs = lackingSinceMs.get(hash) ?? nowMs;
      if (event.type === 'frame' && action) lackingSinceMs.set(hash, sinceMs);
      if (event.type === 'settled' && event.result === 'success' && lackingSinceMs.delete(hash) && !owes) {
        client.noteFreshness(nowMs - sinceMs);
      }
      const query = cache.get(hash);
      // Not within the query's own fetch, which would fail with it.
      if (action === 'behind' && query) queueMicrotask(() => onBehind?.({ queryKey: query.queryKey, attempts }));
    }
    // The scheduler asks for queries at rest only; should it be wrong, a running fetch must not start all over.
    // The promise follows the fetches, whose errors are the queries' own and never reject it.
    if (due.size > 0) {
      const predicate = ({ queryHash }: Query) => due.has(queryHash);
      void queryClient.invalidateQueries({ predicate }, { cancelRefetch: false });
      for (const hash of due) if (!scheduler.isRunning(hash)) lackingSinceMs.delete(hash);
    }
  }

  function wakeBy(atMs: number): void {
    if (atMs >= wakeAtMs) return;
    cancelWake();
    wakeAtMs = atMs;
    const inMs = atMs - timers.nowMs();
    if (inMs > 0) cancelWake = timers.after(inMs, tick);
    // Not within the present event: all rows of one message, and all changes of one batch, make one fetch.
    else queueMicrotask(tick);
  }

  function tick(): void {
    cancelWake();
    wakeAtMs = NEVER.atMs;
    // What is due in a hidden page stays due until it is shown.
    if (!isBound || !focusManager.isFocused()) return;
    const roots = mutatedRoots(queryClient);
    send({ type: 'tick', isHeld: (hash) => roots.has(cache.get(hash)?.queryKey[0]) });
  }

  function matching(keys: readonly LiveQueryKey[]): Set<QueryHash> {
    return new Set(keys.flatMap((queryKey) => cache.findAll({ queryKey, predicate: filter }).map(hashOf)));
  }

  function receive(event: LiveEvent): void {
    const { type } = event;
    send({
      ...event,
      matched: type === 'resync' ? undefined : matching(event.keys),
      live: type === 'frame' ? undefined : allLive(),
    });
  }

  function allLive(): Set<QueryHash> {
    return new Set(cache.findAll({ predicate: filter }).map(hashOf));
  }

  function observe(event: QueryCacheNotifyEvent): void {
    const { query } = event;
    if (event.type === 'added') add(query);
    else if (event.type === 'observerAdded') send({ type: 'mounted', hash: query.queryHash });
    else if (event.type === 'removed') {
      lackingSinceMs.delete(query.queryHash);
      send({ type: 'removed', hash: query.queryHash });
    } else if (event.type === 'updated') observeAction(query, event.action);
  }

  function observeAction(query: Query, action: UpdatedAction): void {
    const hash = query.queryHash;
    const isRunning = scheduler.isRunning(hash);
    if (action.type === 'fetch') {
      notes.clear(query);
      if (query.options.queryFn) send({ type: 'fetching', hash });
      // A promise that came with hydrated data: nobody knows when the server began to read it.
      else add(query, 0);
    } else if (action.type === 'continue' && query.state.fetchFailureCount === 0) {
      // Paused before its first try, e.g. offline: only now it begins.
      lackingSinceMs.delete(hash);
      send({ type: 'fetching', hash });
    } else if (isRunning && query.state.fetchStatus === 'idle') {
      const isPartial = query.state.fetchMeta?.fetchMore !== undefined;
      send({ type: 'settled', hash, result: resultOf(action, query), isPartial, positions: notes.provenBy(query) });
    } else if ((action.type === 'success' && action.manual) || action.type === 'setState') {
      const marginMs = action.type === 'setState' ? RESTORED_MARGIN_MS : 0;
      send({ type: 'written', hash, isLive: filter(query), dataUpdatedAtMs: updatedAtMsOf(query, marginMs) });
    }
  }

  function add(query: Query, dataUpdatedAtMs = updatedAtMsOf(query, RESTORED_MARGIN_MS)): void {
    send({
      type: 'added',
      hash: query.queryHash,
      isFetching: query.state.fetchStatus !== 'idle',
      isLive: filter(query),
      dataUpdatedAtMs,
      positions: notes.provenOfData(query),
    });
    // Before the first row, positions of responses that came before the binder count as well.
    const positions = notes.provenBy(query);
    if (positions) client.noteHeader(positions);
  }

  for (const query of cache.getAll()) add(query);
  const undo = [
    cache.subscribe(observe),
    notes.onHeader((positions) => client.noteHeader(positions)),
    client.onEvent(receive),
    focusManager.subscribe(() => {
      lackingSinceMs.clear();
      tick();
    }),
    queryClient.getMutationCache().subscribe(({ type, mutation }) => {
      if (!mutation?.options.mutationKey) return;
      // What it held back is released; whatever else is due then would have been started a moment later anyway.
      if (type === 'removed' || mutation.state.status !== 'pending' || mutation.state.isPaused) tick();
    }),
    startPolling({
      client,
      timers,
      random,
      pollEveryMs: options.pollEveryMs,
      poll: () =>
        send({ type: 'poll', mounted: new Set(cache.findAll({ type: 'active', predicate: filter }).map(hashOf)) }),
    }),
  ];

  return () => {
    isBound = false;
    cancelWake();
    for (const act of undo.splice(0)) act();
  };
}

/** When a query is due that is not. */
const NEVER = { atMs: Number.POSITIVE_INFINITY };

/** The roots of what mutations are about that are under way and not paused. */
function mutatedRoots(queryClient: QueryClient): ReadonlySet<unknown> {
  const running = queryClient.getMutationCache().findAll({ status: 'pending' });
  return new Set(
    running.flatMap(({ options, state }) => (options.mutationKey && !state.isPaused ? [options.mutationKey[0]] : [])),
  );
}

type UpdatedAction = Extract<QueryCacheNotifyEvent, { type: 'updated' }>['action'];

/** An error as applications throw it that speak HTTP: of their own, of axios, of ky. */
interface HttpError extends Error {
  readonly status?: unknown;
  readonly response?: { readonly status?: unknown };
}

/** Not allowed, not there, not there any more: no later attempt changes that, as one does after a 401, 429 or 503. */
const FINAL_STATUSES: readonly unknown[] = [403, 404, 410];

function resultOf(action: UpdatedAction, { options: { retry } }: Query): FetchResult {
  if (action.type === 'success') return 'success';
  if (action.type !== 'error' || action.error instanceof CancelledError) return 'cancelled';
  // An application may throw anything, even nothing, whatever its type says.
  const error: HttpError = action.error;
  // Where the application decides by the error, it knows what its errors mean. A number only says how often it wants each
  // fetch to be tried.
  const isFinal =
    typeof retry === 'function' ? !retry(0, error) : FINAL_STATUSES.includes(error?.status ?? error?.response?.status);
  return isFinal ? 'refused' : 'failure';
}

/**
 * How much older than it says restored data may be, in milliseconds: it bears the time when it was there, not when it was
 * read, by the clock of whoever read it.
 */
const RESTORED_MARGIN_MS = 10_000;

function updatedAtMsOf({ state }: Query, marginMs: number): number | undefined {
  return state.data === undefined ? undefined : state.dataUpdatedAt - marginMs;
}

function hashOf(query: Query): QueryHash {
  return query.queryHash;
}
