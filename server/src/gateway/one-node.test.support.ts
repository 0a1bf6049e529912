/** Test support: a gateway in virtual time on real sockets, whose tokens say all there is to know about them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Position, QueryKey, Room } from '@querycast/protocol';
import { io } from 'socket.io-client';
import { AuthenticationError, type Principal } from '../auth/authenticate.js';
import type { Broker } from '../broker/broker.js';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import { createGateway, type GatewayOptions } from './gateway.js';
import { virtualTimers } from './virtual-timers.test.support.js';

/** A promise and its keys. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}

/** What a token `<user>/<log-in>/<end in virtual milliseconds>/<anything>` stands for; without an end it has none. */
export function principalOf(token: string): Principal {
  const [id = '', session = '', end = '', note = ''] = token.split('/');
  if (id === 'bad') throw new AuthenticationError('token_invalid', 'the token is not valid');
  if (id === 'down') throw new Error('no key store');
  return { id, session, ...(end === '' ? {} : { expiresAt: Number(end) }), claims: { note } };
}

/** Starts one; what is asked about a token or a room can be held back until its test lets it go. */
export async function startOneNode(options: Partial<GatewayOptions> = {}) {
  const http = createServer();
  const store = options.broker ?? createMemoryBroker();
  const timers = virtualTimers();
  const { logger, metrics, lines, counts } = recordObservability();
  const gates = new Map<string, { reached: () => void; gate: Promise<void> }>();
  const pass = async (name: string) => {
    gates.get(name)?.reached();
    await gates.get(name)?.gate;
  };
  const broker: Broker = {
    ...store,
    async read(room, since) {
      await pass(`log of ${room}`);
      return store.read(room, since);
    },
  };
  const {
    authenticate = async (token) => principalOf(token),
    roomsOf = ({ id }) => [`parent:${id}`],
    authorize,
  } = options;
  const gateway = createGateway({
    ...options,
    broker,
    timers,
    logger,
    metrics,
    async authenticate(token) {
      await pass(token);
      return authenticate(token);
    },
    roomsOf,
    ...(authorize && {
      async authorize(principal, room) {
        await pass(room);
        return authorize(principal, room);
      },
    }),
  }).attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const clients: ReturnType<typeof connectTo>[] = [];
  return {
    gateway,
    url,
    timers,
    lines,
    counts,
    broker,
    results: () => counts.filter(({ name }) => name === 'renewals_total').map(({ labels }) => labels['result']),
    /** The labels of each time that something was counted. */
    counted: (counter: string) => counts.filter(({ name }) => name === counter).map(({ labels }) => labels),
    publish: (room: Room, ...keys: QueryKey[]) => broker.append({ room, keys }),
    /** Holds back who asks about this token, for the right to this room, or for the `log of` this room, from now on. */
    hold(name: string) {
      const [reached, gate] = [deferred(), deferred()];
      gates.set(name, { reached: reached.resolve, gate: gate.promise });
      return { reached: reached.promise, letGo: gate.resolve, fail: gate.reject };
    },
    connect(token: string) {
      const client = connectTo(url, token);
      clients.push(client);
      return client;
    },
    async close() {
      for (const { socket } of clients) socket.disconnect();
      await gateway.close();
      await broker.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** What these tests read of any message. */
export interface Heard {
  readonly room: Room;
  readonly prev: Position;
  readonly position: Position;
  readonly keys: readonly QueryKey[];
  readonly code: string;
  readonly inMs: number;
  readonly rooms: readonly { readonly room: Room; readonly position: Position; readonly status: string }[];
}

/** A client with a queue of everything it received. */
function connectTo(url: string, token: string) {
  const auth = { token, protocol: 1 };
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, auth });
  const received: [string, Heard][] = [];
  let wake = () => {};
  const push = (event: string, message: unknown) => {
    received.push([event, message as Heard]);
    wake();
  };
  socket.onAny(push);
  socket.on('connect_error', (error) => push('connect_error', (error as { data?: unknown }).data));
  socket.on('disconnect', (reason) => push('disconnect', reason));
  return {
    socket,
    async next(): Promise<[string, Heard]> {
      for (;;) {
        const first = received.shift();
        if (first) return first;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    renew: (next: unknown) => socket.emitWithAck('renew', { token: next }),
    subscribe: (room: Room) => socket.emitWithAck('subscribe', { room }),
    unsubscribe: (room: Room) => socket.emitWithAck('unsubscribe', { room }),
  };
}
