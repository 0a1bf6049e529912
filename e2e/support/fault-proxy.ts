import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A wire that can be cut, slowed down and silenced. Chromium's offline mode stops requests; open web sockets it
 * leaves alone or closes at once, by its version, so a test that means a broken network goes through this and cuts it.
 */
export interface FaultProxy {
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /**
   * Swallows everything, without a word to either end, of new connections too. A connection that lost something by it is
   * broken by {@link mend}, as by a router that has forgotten it; one on which nobody spoke lives on.
   */
  silence(): void;
  /** Swallows for good what is said on the connections that there are, as a router that has forgotten them; new ones come through. */
  forget(): void;
  /** Everything arrives this much later from now on, in milliseconds. */
  delay(ms: number): void;
  /** As good as new: new connections come through, nothing is swallowed or late any more. */
  mend(): void;
  /** Ends everything. Idempotent. */
  close(): Promise<void>;
}

/** Starts a TCP proxy on a free port in front of `targetUrl`, of whatever protocol. */
export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  /** Ends of connections that have lost something, be it the news of their end. */
  const torn = new Set<Socket>();
  let isCut = false;
  let isSilent = false;
  let delayMs = 0;

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      torn.delete(socket);
    });
    // The other end may break at any time: that is what this is for.
    socket.on('error', () => socket.destroy());
  };

  /** Each chunk leaves after its predecessor, however the delay changes meanwhile. */
  async function carry(from: Socket, to: Socket): Promise<void> {
    let before: Promise<unknown> = Promise.resolve();
    for await (const chunk of from) {
      const due = delayMs > 0 ? sleep(delayMs) : undefined;
      before = Promise.all([before, due]).then(async () => {
        if (isSilent) torn.add(from);
        // Not what comes after a gap either, until the connection breaks.
        if (torn.has(from) || !to.writable) return;
        if (!to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      });
      // Without a delay, one chunk at a time: the sender is not read faster than the receiver takes it.
      if (delayMs === 0) await before;
    }
    await before;
    // Whoever hangs up says so by the same wire.
    if (isSilent) torn.add(from);
    if (!torn.has(from)) to.end();
  }

  function end(socket: Socket): void {
    if (isSilent) torn.add(socket);
    else socket.destroy();
  }

  const server = createServer({ allowHalfOpen: true }, (inbound) => {
    track(inbound);
    if (isCut) {
      inbound.resetAndDestroy();
      return;
    }
    const outbound = connect({ host: target.hostname, port: Number(target.port), allowHalfOpen: true });
    track(outbound);
    // A connection that breaks is heard of by both ends, as soon as anything is heard.
    inbound.once('close', () => end(outbound));
    outbound.once('close', () => end(inbound));
    carry(inbound, outbound).catch(() => end(outbound));
    carry(outbound, inbound).catch(() => end(inbound));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const breakAll = (of: ReadonlySet<Socket>) => {
    for (const socket of of) socket.resetAndDestroy();
  };

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    cut() {
      isCut = true;
      breakAll(sockets);
    },
    silence() {
      isSilent = true;
    },
    forget() {
      for (const socket of sockets) torn.add(socket);
    },
    delay(ms) {
      delayMs = ms;
    },
    mend() {
      isCut = false;
      isSilent = false;
      delayMs = 0;
      breakAll(torn);
    },
    async close() {
      if (!server.listening) return;
      server.close();
      breakAll(sockets);
      await once(server, 'close');
    },
  };
}
