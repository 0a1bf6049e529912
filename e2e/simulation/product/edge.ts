import type { PlainAck, Room, SubscribeAck } from '@querycast/protocol';
import { ConnectionRefusedError } from '../../../server/src/gateway/gatekeeper.js';
import type { Frame } from '../../../server/src/gateway/pending-frame.js';
import { frameMessage, type ServerMessage, type SessionSocket } from '../../../server/src/gateway/session-host.js';
import type { attachSocketIo as attachRealSocketIo, ClientHandlers } from '../../../server/src/gateway/socket-io.js';
import type { ClientEnd, GatewayEnd, GatewayHost } from './gateway-host.js';

interface Socket {
  readonly rooms: Set<Room>;
  send(event: string, text: string): void;
  cut(): void;
}

/** Takes the place of the gateway's only file that knows Socket.IO; the "HTTP server" is a {@link GatewayHost}. */
export const attachSocketIo: typeof attachRealSocketIo = (httpServer, _options, handlers) => {
  const host = httpServer as unknown as GatewayHost;
  const { random } = host.tools;
  const sockets = new Set<Socket>();
  let lastId = 0;

  function connected(client: ClientEnd, admitted: Parameters<typeof handlers.connected>[1], checkedAt: number) {
    lastId += 1;
    const close = () => {
      if (!sockets.delete(socket)) return;
      client.closed('transport close');
      door.closed();
      handlers.left();
    };
    const socket: Socket = {
      rooms: new Set(),
      send: (event, text) => {
        if (sockets.has(socket)) client.message(event, JSON.parse(text));
      },
      cut: close,
    };
    sockets.add(socket);
    const session: SessionSocket = {
      id: `${host.process.name}-${lastId}`,
      send: ([event, message]: ServerMessage) => socket.send(event, JSON.stringify(message)),
      enter: (room) => void socket.rooms.add(room),
      exit: (room) => void socket.rooms.delete(room),
      cut: close,
      disconnect: close,
    };
    client.opened();
    const door: ClientHandlers = handlers.connected(session, admitted, checkedAt);
    return { door, socket, close };
  }

  host.accept = (client, auth): GatewayEnd => {
    let link: ReturnType<typeof connected> | undefined;
    let isGone = !handlers.isOpen();
    if (isGone) client.closed('transport error');
    const checkedAt = handlers.now();
    handlers.admit({ auth }).then(
      (admitted) => {
        if (!isGone) link = connected(client, admitted, checkedAt);
      },
      (error: unknown) => {
        const refusal = error instanceof ConnectionRefusedError ? error : new ConnectionRefusedError('overloaded', '');
        handlers.refused(refusal);
        client.refused(refusal.data);
      },
    );
    return {
      request(event, payload, answer) {
        if (!link || !sockets.has(link.socket)) return;
        const { door, close } = link;
        const work =
          event === 'subscribe'
            ? door.subscribe(payload, (ack: SubscribeAck) => answer(ack))
            : door[event === 'renew' ? 'renew' : 'unsubscribe'](payload, (ack: PlainAck) => answer(ack));
        work.catch((error: unknown) => {
          handlers.failed(error);
          close();
        });
      },
      gone() {
        isGone = true;
        link?.close();
      },
    };
  };

  function announce([event, message]: ServerMessage, to: Iterable<Socket>): void {
    const text = JSON.stringify(message);
    for (const socket of to) socket.send(event, text);
  }

  return {
    broadcast(room: Room, frame: Frame) {
      announce(
        frameMessage(frame),
        [...sockets].filter(({ rooms }) => rooms.has(room)),
      );
    },
    announce: (message) => announce(message, [...sockets]),
    size: () => sockets.size,
    peers: { ask: async () => ({ nodes: 0, answers: [] }) },
    connections: () =>
      [...sockets]
        .map((socket) => ({ socket, rank: random.next() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ socket }) => socket),
    async close() {
      for (const socket of [...sockets]) socket.cut();
    },
  };
};
