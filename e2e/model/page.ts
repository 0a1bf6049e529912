/** One page of the model: the product's own client, binder and scheduler with a real query client; server and gateway are the model's. */
import { formatPosition, POSITION_HEADER, type Position, type Room } from '@querycast/protocol';
import { focusManager, notifyManager, onlineManager, QueryClient, QueryObserver } from '@tanstack/react-query';
import { createLiveClient } from '../../web/src/client/live-client.js';
import { bindQueryClient } from '../../web/src/query/bind-query-client.js';
import { createLiveFetch } from '../../web/src/query/live-fetch.js';
import { createManualTransport, type ManualConnection } from '../../web/src/testing/manual-transport.js';
import { createClock, settled } from './clock.js';
import type { Scene } from './scenes.js';

/** The query of the model, and one that is never enabled. */
export const KEY = ['a'];
export const DISABLED_KEY = ['a', 'disabled'];

/** What the server holds when the page opens; no answer is older. */
export const FIRST_VERSION = 2;

const ROOM: Room = 'parent:1';

/** What the query holds: the version that the server had, and how often the page has written over it. */
export interface Data {
  readonly version: number;
  readonly edits: number;
}

/** A request that waits for its answer. */
export interface Request {
  readonly signal: AbortSignal | undefined;
  isOpen: boolean;
  /** The server's version when it began. */
  readonly startVersion: number;
  answer(version: number, position?: Position): void;
  fail(): void;
}

/** A page and all that is around it. */
export type Page = Awaited<ReturnType<typeof openPage>>;

/** Opens a page in the state that a scene begins with. */
export async function openPage(scene: Scene) {
  // Observers hear at once: it is not React that is looked at.
  notifyManager.setScheduler((callback) => callback());
  focusManager.setFocused(true);
  onlineManager.setOnline(true);
  const clock = createClock();
  const queries = { retry: false, staleTime: Infinity, gcTime: Infinity, ...scene.queries };
  const queryClient = new QueryClient({ defaultOptions: { queries, mutations: { gcTime: Infinity } } });
  const transport = createManualTransport();
  const random = () => 0.5;
  const client = createLiveClient({ getToken: () => 'token', transport, random, timers: clock });
  const requests: Request[] = [];
  let epoch = 1;

  const liveFetch = createLiveFetch(
    (_url, init) =>
      new Promise((resolve, reject) => {
        const answer = (version: number, position?: Position) => {
          request.isOpen = false;
          page.isLagging = position !== undefined && version < request.startVersion;
          const header = position && `${ROOM}=${position}`;
          const headers = { get: (name: string) => (name === POSITION_HEADER ? (header ?? null) : null) };
          // A real one costs more than all the rest of a step.
          resolve({ ok: true, headers, json: async () => ({ version, edits: 0 }) } as unknown as Response);
        };
        const fail = () => {
          request.isOpen = false;
          reject(new Error('failed'));
        };
        const request = { signal: init?.signal ?? undefined, isOpen: true, startVersion: page.version, answer, fail };
        requests.push(request);
      }),
  );
  const options = {
    queryKey: KEY,
    queryFn: async (context: Parameters<typeof liveFetch>[1]): Promise<Data> => (await liveFetch('/', context)).json(),
  };

  const page = {
    scene,
    clock,
    queryClient,
    client,
    options,
    /** All requests so far. */
    requests,
    /** Whether the newest answer was older than its request. */
    isLagging: false,
    /** What the server holds. */
    version: FIRST_VERSION,
    /** The newest version that the page was told of. */
    told: 0,
    isConnected: false,
    unmount: undefined as (() => void) | undefined,
    /** Ends the mutation that is under way. */
    endMutation: undefined as (() => void) | undefined,
    isMutating: false,
    mutatingSinceMs: 0,
    /** Whether a frame without a spread is not covered yet. */
    isUrgent: false,
    positionOf: (version: number): Position => formatPosition(`e${epoch}`, version),
    data: () => queryClient.getQueryData<Data>(KEY),
    state: () => queryClient.getQueryState(KEY),
    /** Requests that are neither answered nor aborted. */
    running: () => requests.filter(({ isOpen, signal }) => isOpen && !signal?.aborted),
    mount: () => {
      page.unmount = new QueryObserver(queryClient, options).subscribe(() => {});
    },
    wire: (): ManualConnection => {
      const wire = transport.connections.at(-1);
      if (!wire) throw new Error('the page has not connected');
      return wire;
    },
    /** A change; told at once if the page is connected. */
    change: (spreadMs?: number) => {
      page.version += 1;
      if (!page.isConnected) return;
      if (spreadMs === undefined) page.isUrgent = true;
      page.told = page.version;
      const [prev, position] = [page.positionOf(page.version - 1), page.positionOf(page.version)];
      page.wire().send('invalidate', { room: ROOM, prev, position, keys: [KEY], at: 1, ...(spreadMs && { spreadMs }) });
    },
    /** The sequence begins anew, as when the log was lost together with a change. */
    restart: () => {
      epoch += 1;
      page.version += 1;
    },
    connect: async () => {
      client.hurry();
      await clock.advanceTo(clock.nowMs());
      await settled();
      const sent = (await page.wire().auth).positions?.[ROOM];
      const position = page.positionOf(page.version);
      const isKnown = sent?.startsWith(`e${epoch}:`) ?? false;
      const status = sent === undefined ? 'fresh' : isKnown ? 'recovered' : 'resync';
      const rows = [{ room: ROOM, position, status, keys: isKnown && sent !== position ? [KEY] : [] }];
      page.isConnected = true;
      page.told = page.version;
      page.wire().accept();
      page.wire().send('ready', { protocol: 1, session: 's', node: 'n', live: true, heartbeatMs: 25_000, rooms: rows });
      await settled();
    },
    close: () => {
      unbind();
      client.close();
      queryClient.clear();
      queryClient.unmount();
    },
  };
  const unbind = bindQueryClient({ client, queryClient, random, timers: clock });
  queryClient.mount();
  client.start();
  queryClient.setQueryData(DISABLED_KEY, { version: 0, edits: 0 });
  new QueryObserver(queryClient, { ...options, queryKey: DISABLED_KEY, enabled: false }).subscribe(() => {});
  if (scene.isConnected) await page.connect();
  page.mount();
  await settled();
  if (scene.isLoaded) page.running()[0]?.answer(page.version, page.positionOf(page.version));
  // Quiet, and what is repeated for ever has begun.
  await clock.advanceTo(clock.nowMs() + (scene.isConnected ? 60_000 : 1_000));
  await settled();
  return page;
}
