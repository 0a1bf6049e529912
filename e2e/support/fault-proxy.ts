import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A wire that can be cut, slowed down and silenced. Chromium's offline mode stops requests but leaves open web sockets
 * alone (microsoft/playwright issue 4910), so a test that means a broken network goes through this and cuts it.
 */
export interface FaultProxy {
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /** Swallows everything, without a word to either end: what is sent meanwhile arrives after {@link mend}, as TCP has it. */
  silence(): void;
  /** Everything arrives this much later from now on, in milliseconds. */
  delay(ms: number): void;
  /** As good as new: new connections come through, what was held back arrives, nothing is late any more. */
  mend(): void;
  /** Ends everything. Idempotent. */
  close(): Promise<void>;
}

/** Starts a TCP proxy on a free port in front of `targetUrl`, of whatever protocol. */
export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  let delayMs = 0;
  /** Resolves when nothing is held back any more. */
  let spoken = Promise.resolve();
  let speak = () => {};

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The other end may break at any time: that is what this is for.
    socket.on('error', () => socket.destroy());
  };

  /** Each chunk leaves after its predecessor, however the delay changes meanwhile. */
  async function carry(from: Socket, to: Socket): Promise<void> {
    let before: Promise<unknown> = Promise.resolve();
    for await (const chunk of from) {
      const due = delayMs > 0 ? sleep(delayMs) : undefined;
      before = Promise.all([before, due]).then(async () => {
        await spoken;
        if (to.writable && !to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      });
      // Without a delay, one chunk at a time: the sender is not read faster than the receiver takes it.
      if (delayMs === 0) await before;
    }
    await before;
    to.end();
  }

  const server = createServer({ allowHalfOpen: true }, (inbound) => {
    track(inbound);
    if (isCut) {
      inbound.resetAndDestroy();
      return;
    }
    const outbound = connect({ host: target.hostname, port: Number(target.port), allowHalfOpen: true });
    track(outbound);
    inbound.once('close', () => outbound.destroy());
    outbound.once('close', () => inbound.destroy());
    // A wire that breaks is heard of by both ends.
    carry(inbound, outbound).catch(() => outbound.destroy());
    carry(outbound, inbound).catch(() => inbound.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    cut() {
      isCut = true;
      breakAll();
    },
    silence() {
      spoken = new Promise((resolve) => {
        speak = resolve;
      });
    },
    delay(ms) {
      delayMs = ms;
    },
    mend() {
      isCut = false;
      delayMs = 0;
      speak();
    },
    async close() {
      if (!server.listening) return;
      server.close();
      breakAll();
      speak();
      await once(server, 'close');
    },
  };
}
