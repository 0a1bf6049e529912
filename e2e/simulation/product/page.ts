/** One browser tab: the product's client and binder with a real query client. */
import type { Room } from '@querycast/protocol';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { createLiveClient, type LiveClient, type LiveWarning } from '../../../web/src/client/live-client.js';
import type { LiveEvent } from '../../../web/src/client/live-event.js';
import type { LiveTransport } from '../../../web/src/client/transport.js';
import { type BehindReport, bindQueryClient } from '../../../web/src/query/bind-query-client.js';
import { createLiveFetch } from '../../../web/src/query/live-fetch.js';
import type { Process } from '../chance/virtual-time.js';
import type { Item } from '../model/database.js';
import type { ModelTools } from '../model/redis-server.js';

/** What a page is made of. */
export interface PageOptions {
  readonly tools: ModelTools;
  readonly process: Process;
  readonly user: string;
  readonly own: readonly Room[];
  readonly transport: LiveTransport;
  readonly fetch: typeof fetch;
  readonly onEvent: (event: LiveEvent) => void;
  readonly onBehind: (report: BehindReport) => void;
  readonly onWarning: (warning: LiveWarning) => void;
}

/** An open page. */
export interface Page {
  readonly process: Process;
  readonly user: string;
  readonly client: LiveClient;
  readonly queryClient: QueryClient;
  /** Shows an item, until the answered function is called. Joins its room if it is none of the user's own. */
  show(item: Item): () => void;
  /** What is shown, and the version on the screen. */
  shown(): readonly (readonly [Item, number | undefined])[];
  close(): void;
}

/** Opens a page; it belongs to `process`, which must be the present one. */
export function openPage(options: PageOptions): Page {
  const { tools, process, user, own, transport, onEvent, onBehind, onWarning } = options;
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, gcTime: 2_000 } } });
  const client = createLiveClient({ getToken: () => user, transport, onWarning });
  client.onEvent(onEvent);
  const liveFetch = createLiveFetch(options.fetch);
  const unbind = bindQueryClient({ client, queryClient, onBehind });
  const observers = new Map<Item, QueryObserver<number>>();
  queryClient.mount();
  client.start();

  async function load(context: Parameters<typeof liveFetch>[1], { room, key }: Item): Promise<number> {
    const response = await liveFetch(`/${room}/${key}`, context);
    if (!response.ok) throw new Error('the server could not answer');
    return response.json();
  }

  return {
    process,
    user,
    client,
    queryClient,
    show(item) {
      const observer = new QueryObserver<number>(queryClient, {
        queryKey: [item.key, item.room],
        queryFn: (context) => load(context, item),
      });
      const leave = own.includes(item.room) ? () => {} : client.joinRoom(item.room);
      const unsubscribe = observer.subscribe(({ data }) => {
        tools.trace(process.name, () => `shows ${item.room}/${item.key} v${data}`);
      });
      observers.set(item, observer);
      return () => {
        if (observers.get(item) === observer) observers.delete(item);
        unsubscribe();
        leave();
      };
    },
    shown: () => [...observers].map(([item, observer]) => [item, observer.getCurrentResult().data] as const),
    close() {
      observers.clear();
      unbind();
      client.close();
      queryClient.clear();
      queryClient.unmount();
    },
  };
}
