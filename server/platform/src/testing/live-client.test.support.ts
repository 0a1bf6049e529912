import { PROTOCOL_VERSION } from '@querycast/protocol';
import { io } from 'socket.io-client';

/** What the right to see something may cost after it has ended, in milliseconds. */
export const REVOKED_WITHIN_MS = 1_000;

/** What a gateway said, and its message. */
export type Said = readonly [event: string, message: unknown];

/** A client that notes all that it is told, and asks whatever a test asks. */
export interface LiveClient {
  readonly said: readonly Said[];
  /** Waits for the next message of this name; rejects with all that was said when there is none by then. */
  next(event: string, withinMs?: number): Promise<unknown>;
  /** Sends a message and waits for its acknowledgement. */
  ask(event: string, message: unknown): Promise<{ readonly ok: boolean; readonly code?: string }>;
  isConnected(): boolean;
  close(): void;
}

/** Begins to connect, and does not come back by itself. Refusals and the end are said as `connect_error`, `disconnect`. */
export function openLiveClient(url: string, token: string): LiveClient {
  const auth = { token, protocol: PROTOCOL_VERSION };
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth });
  const said: Said[] = [];
  const taken = new Map<string, number>();
  const listeners = new Set<() => void>();
  const note = (event: string, message: unknown) => {
    said.push([event, message]);
    for (const listener of listeners) listener();
  };
  socket.onAny(note);
  socket.on('connect_error', (error: Error & { data?: unknown }) => note('connect_error', error.data ?? error.message));
  socket.on('disconnect', (reason) => note('disconnect', reason));

  return {
    said,
    next(event, withinMs = 15_000) {
      const at = taken.get(event) ?? 0;
      taken.set(event, at + 1);
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = said.filter(([name]) => name === event)[at];
          if (!found) return;
          clearTimeout(late);
          listeners.delete(look);
          resolve(found[1]);
        };
        const late = setTimeout(() => {
          listeners.delete(look);
          reject(new Error(`no ${event} within ${withinMs} ms, but ${JSON.stringify(said)}`));
        }, withinMs);
        listeners.add(look);
        look();
      });
    },
    ask: (event, message) => new Promise((resolve) => socket.emit(event, message, resolve)),
    isConnected: () => socket.connected,
    close: () => void socket.close(),
  };
}
