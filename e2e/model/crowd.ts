/** Many pages at once, each with the product's client, binder and scheduler and a query client of its own. */
import { formatPosition, type Room } from '@querycast/protocol';
import { notifyManager, QueryClient, QueryObserver } from '@tanstack/react-query';
import { createLiveClient } from '../../web/src/client/live-client.js';
import { bindQueryClient } from '../../web/src/query/bind-query-client.js';
import { createManualTransport } from '../../web/src/testing/manual-transport.js';
import { type Clock, settled } from './clock.js';

/** What a crowd does upon one event for all. */
export interface Crowd {
  /** Announces it; `spreadMs` as the server would. */
  announce(spreadMs: number): void;
  /** When each of the refetches began, and when the last data was there, in milliseconds since the announcement. */
  readonly startsMs: readonly number[];
  readonly settledMs: readonly number[];
  /** How many pages show something else than the newest data. */
  stale(): number;
  close(): void;
}

const KEY = ['a'];

/** Opens so many pages whose requests take `answerMs`; all are connected and loaded. */
export async function openCrowd(pages: number, answerMs: number, clock: Clock, random: () => number): Promise<Crowd> {
  notifyManager.setScheduler((callback) => callback());
  const startsMs: number[] = [];
  const settledMs: number[] = [];
  let version = 1;
  let announcedMs = 0;

  const open = async (index: number) => {
    const room: Room = `parent:${index}`;
    const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, gcTime: Infinity } } });
    const transport = createManualTransport();
    // Its connection is there and stays.
    const timers = { nowMs: clock.nowMs, after: () => () => {} };
    const client = createLiveClient({ getToken: () => 'token', transport, random, timers });
    const unbind = bindQueryClient({ client, queryClient, random, timers: clock });
    client.start();
    const [wire] = transport.connections;
    await wire?.auth;
    wire?.accept();
    const rooms = [{ room, position: formatPosition('e', version), status: 'fresh', keys: [] }];
    wire?.send('ready', { protocol: 1, session: 's', node: 'n', live: true, heartbeatMs: 25_000, rooms });
    const queryFn = () => {
      if (version > 1) startsMs.push(clock.nowMs() - announcedMs);
      return new Promise<number>((resolve) => {
        clock.after(answerMs, () => {
          if (version > 1) settledMs.push(clock.nowMs() - announcedMs);
          resolve(version);
        });
      });
    };
    const unmount = new QueryObserver(queryClient, { queryKey: KEY, queryFn }).subscribe(() => {});
    return {
      announce: (spreadMs: number) => {
        const [prev, position] = [formatPosition('e', version - 1), formatPosition('e', version)];
        wire?.send('invalidate', { room, prev, position, keys: [KEY], at: 1, spreadMs });
      },
      isStale: () => queryClient.getQueryData(KEY) !== version || queryClient.getQueryState(KEY)?.isInvalidated,
      close: () => {
        unmount();
        unbind();
        client.close();
        queryClient.clear();
      },
    };
  };

  const all = await Promise.all(Array.from({ length: pages }, (_, index) => open(index)));
  await settled();
  await clock.advanceTo(clock.nowMs() + answerMs);
  return {
    announce: (spreadMs) => {
      version += 1;
      announcedMs = clock.nowMs();
      startsMs.length = 0;
      settledMs.length = 0;
      for (const page of all) page.announce(spreadMs);
    },
    startsMs,
    settledMs,
    stale: () => all.filter((page) => page.isStale()).length,
    close: () => {
      for (const page of all) page.close();
    },
  };
}
