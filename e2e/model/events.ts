import { focusManager, onlineManager } from '@tanstack/react-query';
import { settled } from './clock.js';
import { type Data, FIRST_VERSION, KEY, type Page } from './page.js';

/** Something that may happen to a page. */
export interface Event {
  readonly isPossible: (page: Page) => boolean;
  readonly act: (page: Page) => void | Promise<void>;
  /** The application itself may fetch, or abort a fetch. */
  readonly isOfApplication?: (page: Page) => boolean;
}

const isOfApplication = () => true;
/** TanStack fetches what is stale by itself, where the application has not switched that off. */
const isOfTanStack = ({ scene }: Page) => scene.queries?.refetchOnReconnect !== false;

async function connect(page: Page): Promise<void> {
  onlineManager.setOnline(true);
  await page.connect();
}

/** Every event by its name. Only those that are possible in a state are tried in it. */
export const EVENTS: Readonly<Record<string, Event>> = {
  frame: { isPossible: () => true, act: (page) => page.change(page.scene.spreadMs) },
  'an urgent frame': {
    isPossible: ({ scene, isConnected }) => isConnected && scene.spreadMs !== undefined,
    act: (page) => page.change(),
  },
  'the application fetches': {
    // A fetch without data, or of a query that nobody shows, would only join the one under way.
    isPossible: (page) => page.state()?.fetchStatus === 'idle' || (isMounted(page) && hasData(page) && !isPaused(page)),
    act: ({ queryClient, unmount, options }) => {
      if (unmount) void queryClient.refetchQueries({ queryKey: KEY });
      else void queryClient.prefetchQuery({ ...options, staleTime: 0 });
    },
    isOfApplication,
  },
  'the fetch ends': {
    isPossible: isRunning,
    act: (page) => page.running()[0]?.answer(page.version, page.positionOf(page.version)),
  },
  'the fetch ends with an older position': {
    isPossible: (page) => (page.running()[0]?.startVersion ?? 0) > FIRST_VERSION,
    act: (page) => {
      const [request] = page.running();
      const version = (request?.startVersion ?? 0) - 1;
      request?.answer(version, page.positionOf(version));
    },
  },
  'the fetch ends without a position': {
    isPossible: isRunning,
    act: (page) => {
      const [request] = page.running();
      request?.answer(request.startVersion);
    },
  },
  'the fetch fails': { isPossible: isRunning, act: (page) => page.running()[0]?.fail() },
  mutate: { isPossible: (page) => !page.isMutating, act: mutate },
  settle: {
    isPossible: (page) => page.endMutation !== undefined,
    act: (page) => page.endMutation?.(),
    // Mutations that waited for the network come first, then queries.
    isOfApplication: isOfTanStack,
  },
  hide: { isPossible: () => focusManager.isFocused(), act: () => focusManager.setFocused(false) },
  show: {
    isPossible: () => !focusManager.isFocused(),
    act: () => focusManager.setFocused(true),
    isOfApplication: isOfTanStack,
  },
  disconnect: {
    isPossible: (page) => page.isConnected,
    act: (page) => {
      page.isConnected = false;
      if (page.scene.losesNetwork) onlineManager.setOnline(false);
      page.wire().cut();
    },
  },
  reconnect: { isPossible: (page) => !page.isConnected, act: connect, isOfApplication: isOfTanStack },
  'reconnect to a new epoch': {
    isPossible: (page) => !page.isConnected,
    act: (page) => {
      page.restart();
      return connect(page);
    },
    isOfApplication: isOfTanStack,
  },
  unmount: {
    isPossible: isMounted,
    act: (page) => {
      page.unmount?.();
      page.unmount = undefined;
    },
    isOfApplication,
  },
  mount: { isPossible: (page) => !isMounted(page), act: (page) => page.mount(), isOfApplication },
  'a moment passes': {
    isPossible: ({ scene }) => scene.momentMs !== undefined,
    act: ({ clock, scene }) => clock.advanceTo(clock.nowMs() + (scene.momentMs ?? 0)),
  },
  'time passes': {
    isPossible: ({ clock }) => clock.nextMs() !== undefined,
    act: ({ clock }) => clock.advanceTo(clock.nextMs() ?? 0),
  },
};

/** What is possible now, by name. */
export function possibleEvents(page: Page): readonly string[] {
  return Object.entries(EVENTS).flatMap(([name, { isPossible }]) => (isPossible(page) ? [name] : []));
}

function isMounted({ unmount }: Page): boolean {
  return unmount !== undefined;
}

function isRunning(page: Page): boolean {
  return page.running().length > 0;
}

function hasData(page: Page): boolean {
  return page.data() !== undefined;
}

function isPaused(page: Page): boolean {
  return page.state()?.fetchStatus === 'paused';
}

/** A mutation with an optimistic update, which changes nothing of what the server knows. */
async function mutate(page: Page): Promise<void> {
  const { queryClient } = page;
  const mutationFn = () =>
    new Promise<void>((resolve) => {
      page.mutatingSinceMs = page.clock.nowMs();
      page.endMutation = () => {
        page.endMutation = undefined;
        page.isMutating = false;
        resolve();
      };
    });
  page.isMutating = true;
  void queryClient.getMutationCache().build(queryClient, { mutationKey: KEY, mutationFn }).execute(undefined);
  await settled();
  queryClient.setQueryData<Data>(KEY, (data) => data && { ...data, edits: data.edits + 1 });
}
