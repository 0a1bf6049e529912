import { type Query, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { createLiveClient, type LiveClient, type LiveClientOptions } from '../client/live-client.js';
import { socketIoTransport } from '../client/socket-io-transport.js';
import { type BehindReport, bindQueryClient } from '../query/bind-query-client.js';
import { useBrowserLayoutEffect } from './useBrowserLayoutEffect.js';
import { type UserId, useUserBoundary } from './useUserBoundary.js';

/**
 * Options of `useLiveInvalidation` and `LiveQueryProvider`. All but `url`, `userId` and `enabled` may be written inline:
 * a change of theirs takes effect when they are used next, without a reconnection (`timers`, `random` and
 * `pollAfterMs`: not at all, `pollEveryMs`: with the next connection).
 */
export interface LiveInvalidationOptions extends LiveClientOptions {
  /**
   * Who is logged in, `null` for nobody. When a person leaves or another comes, the connection is closed, all positions
   * are forgotten and the query cache is cleared. Default: not told, the connection follows `enabled` alone;
   * but once somebody was logged in on this `QueryClient`, `undefined` is nobody too.
   */
  readonly userId?: UserId;
  /** Whether to connect; default `true`. */
  readonly enabled?: boolean | undefined;
  /** Which queries are live; default: all. */
  readonly filter?: ((query: Query) => boolean) | undefined;
  /** Time between two polls while not live, in milliseconds, give or take a fifth; default 30,000. */
  readonly pollEveryMs?: number | undefined;
  /** Hears of queries that stay behind an announced change. */
  readonly onBehind?: ((report: BehindReport) => void) | undefined;
}

/** A live client bound to the surrounding query cache. */
export interface LiveConnection {
  readonly client: LiveClient;
  /** Whether the cache holds another person's data; nothing of it may be rendered. */
  readonly isForeign: boolean;
}

/** Connects while mounted and enabled, and binds the surrounding `QueryClient`. */
export function useLiveConnection(options: LiveInvalidationOptions): LiveConnection {
  const { url, enabled = true, userId } = options;
  const queryClient = useQueryClient();
  const latest = useRef(options);
  useBrowserLayoutEffect(() => {
    latest.current = options;
  });

  // Everything is looked up when it is needed: written inline, it is another object at every render.
  const [client] = useState(() =>
    createLiveClient({
      ...options,
      transport: {
        connect: (handlers) => {
          const { transport = socketIoTransport(latest.current) } = latest.current;
          return transport.connect(handlers);
        },
      },
      getToken: (request) => latest.current.getToken(request),
      onWarning: (warning) => latest.current.onWarning?.(warning),
    }),
  );

  const { person, isForeign } = useUserBoundary(queryClient, userId);
  // What is in the cache of another person must not enter the handshake either.
  const isWanted = enabled && person !== null && !isForeign;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person or address needs another connection
  useEffect(() => {
    if (!isWanted) {
      client.close();
      return;
    }
    const unbind = bindQueryClient({
      ...latest.current,
      client,
      queryClient,
      filter: (query) => latest.current.filter?.(query) ?? true,
      onBehind: (report) => latest.current.onBehind?.(report),
    });
    let isLeft = false;
    // React's development mode mounts everything twice: the first connection would be closed before it is open.
    queueMicrotask(() => isLeft || client.start());
    return () => {
      isLeft = true;
      client.close();
      unbind();
    };
  }, [client, queryClient, isWanted, person, url]);

  return { client, isForeign };
}
