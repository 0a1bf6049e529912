/** Test support: a live client, and the test as its gateway. */
import { vi } from 'vitest';
import { createManualTransport } from '../testing/manual-transport.js';
import { createLiveClient, type LiveClientOptions, type LiveWarning } from './live-client.js';
import type { LiveEvent } from './live-event.js';

/** Lets everything that needs no time happen. */
export const settle = () => vi.advanceTimersByTimeAsync(0);

/** A started client whose gateway is the test. Needs fake timers. */
export function setUp(options: Partial<LiveClientOptions> = {}) {
  const transport = createManualTransport();
  const events: LiveEvent[] = [];
  const warnings: LiveWarning[] = [];
  const client = createLiveClient({
    getToken: () => 'token',
    transport,
    random: () => 0.5,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
  client.onEvent((event) => events.push(event));
  client.start();
  const wire = () => {
    const newest = transport.connections.at(-1);
    if (!newest) throw new Error('no attempt yet');
    return newest;
  };
  const ready = (rooms: object[], more: object = {}) =>
    wire().send('ready', { protocol: 1, session: 's', node: 'n', live: true, heartbeatMs: 1, rooms, ...more });
  const accept = async (rooms: object[], more: object = {}) => {
    await wire().auth;
    wire().accept();
    ready(rooms, more);
    await settle();
  };
  const frame = (prev: string, position: string, room = 'parent:1') =>
    wire().send('invalidate', { room, prev, position, keys: [['a']], at: 1 });
  const cut = async () => {
    wire().cut();
    await vi.advanceTimersByTimeAsync(1_000);
  };
  return { client, transport, events, warnings, wire, ready, accept, frame, cut };
}

/** A row of a room. */
export const row = (position: string, status = 'fresh', keys: unknown[] = [], room = 'parent:1') => ({
  room,
  position,
  status,
  keys,
});
