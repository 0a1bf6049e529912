import type { DemoTrail, DemoTravel } from '@querycast/platform-protocol';
import { io, type Socket } from 'socket.io-client';
import { createQueue } from '../testing/live-socket.js';

/** A socket of the comparison. */
export interface DemoSocket {
  readonly socket: Socket;
  /** The arguments of each `subject-changed`. */
  readonly changed: ReturnType<typeof createQueue<unknown[]>>;
  /** What travelled, one by one. */
  readonly travels: ReturnType<typeof createQueue<DemoTravel>>;
}

/** Connects to the comparison, as a pane or to watch the trail. Rejects when refused; comes back by itself when cut. */
export async function connectDemo(url: string, token: string, watch?: 'trail'): Promise<DemoSocket> {
  const socket = io(url, {
    path: '/demo/hand-written',
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    auth: { token, ...(watch && { watch }) },
  });
  const changed = createQueue<unknown[]>();
  const travels = createQueue<DemoTravel>();
  socket.on('subject-changed', (...args) => changed.push(args));
  socket.on('travelled', (trail: DemoTrail) => {
    for (const travel of trail.travels) travels.push(travel);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  }).catch((error: unknown) => {
    socket.close();
    throw error;
  });
  return { socket, changed, travels };
}
