import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createPushFilter } from './push-filter.js';

/** Whether a message on this channel is lost. */
type Swallows = (channel: string) => boolean;

/** A wire to a Redis server that can lose what is published, while it answers everything. */
export interface DeafProxy {
  readonly port: number;
  /** `redis://127.0.0.1:<port>`. */
  readonly url: string;
  /** How many connections were made through it. */
  readonly connections: number;
  /**
   * From now on loses every message whose channel `swallows` accepts (default: all): on the connections of now, and on
   * later ones as well if `forGood` (default false).
   */
  deafen(options?: { readonly swallows?: Swallows; readonly forGood?: boolean }): void;
  /** Loses nothing any more. */
  mend(): void;
  /** Ends everything. Idempotent. */
  close(): Promise<void>;
}

/** Starts a TCP proxy on a free port of loopback, in front of the server at `port` of it, for clients that speak RESP3. */
export async function startDeafProxy(target: { readonly port: number }): Promise<DeafProxy> {
  const wires = new Set<{ swallows: Swallows }>();
  const sockets = new Set<Socket>();
  let onNew: Swallows = hearsAll;
  let connections = 0;

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The other end may break at any time.
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((inbound) => {
    connections += 1;
    const wire = { swallows: onNew };
    wires.add(wire);
    const outbound = connect({ host: '127.0.0.1', port: target.port });
    track(inbound);
    track(outbound);
    const filter = createPushFilter((channel) => wire.swallows(channel));
    inbound.pipe(outbound);
    outbound.on('data', (piece) => inbound.write(filter(piece)));
    inbound.once('close', () => {
      wires.delete(wire);
      outbound.destroy();
    });
    outbound.once('close', () => inbound.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    deafen({ swallows = () => true, forGood = false } = {}) {
      onNew = forGood ? swallows : hearsAll;
      for (const wire of wires) wire.swallows = swallows;
    },
    mend() {
      onNew = hearsAll;
      for (const wire of wires) wire.swallows = hearsAll;
    },
    async close() {
      if (!server.listening) return;
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

const hearsAll: Swallows = () => false;
