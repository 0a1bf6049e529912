import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What the server says when it has answered a statement and waits for the next one, outside of a transaction. */
const POSTGRES_READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** Enough for how a connection begins, in bytes. */
const BEGINNING_LENGTH = 2_000;

/** An answer of PostgreSQL that was given and does not arrive. */
export interface HeldAnswer {
  /** Resolves when the server has given it: whatever happens from here on, it knows nothing of. */
  readonly given: Promise<void>;
  /** Lets it arrive. */
  release(): void;
}

/** A way to a server that a test can cut. */
export interface Link {
  /** The server's URL, by this way. */
  readonly url: string;
  /**
   * Ends every connection and takes no new one, until `mend`; with `text` only those that begin with a statement that has it
   * in it.
   */
  cut(text?: string): void;
  mend(): void;
  /** Holds the answer to the next statement of PostgreSQL whose text has this in it. */
  holdAnswerTo(text: string): HeldAnswer;
}

interface Wire {
  readonly near: Socket;
  readonly far: Socket;
  /** What was sent on it at first. */
  begun: string;
  held: { readonly chunks: Buffer[]; given(): void } | undefined;
}

/** Opens a way to the server of a URL, until the test file has ended. */
export async function openLink(target: string): Promise<Link & { close(): void }> {
  const to = new URL(target);
  const wires = new Set<Wire>();
  /** Of connections that are cut; all of them begin with an empty one. */
  let cutText: string | undefined;
  let wanted: { readonly text: string; take(wire: Wire): void } | undefined;

  const isCut = ({ begun }: Wire) => cutText !== undefined && begun.includes(cutText);
  const end = ({ near, far }: Wire) => {
    near.destroy();
    far.destroy();
  };

  const server = createServer((near) => {
    if (cutText === '') {
      near.destroy();
      return;
    }
    const far = connect(Number(to.port), to.hostname);
    const wire: Wire = { near, far, begun: '', held: undefined };
    wires.add(wire);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        wires.delete(wire);
      });
    }
    near.on('data', (chunk: Buffer) => {
      if (wire.begun.length < BEGINNING_LENGTH) wire.begun += chunk.toString('latin1');
      if (isCut(wire)) {
        end(wire);
        return;
      }
      if (wanted && chunk.includes(wanted.text)) wanted.take(wire);
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => {
      if (!wire.held) {
        near.write(chunk);
        return;
      }
      wire.held.chunks.push(chunk);
      if (Buffer.concat(wire.held.chunks).includes(POSTGRES_READY)) wire.held.given();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    cut(text = '') {
      cutText = text;
      for (const wire of wires) if (isCut(wire)) end(wire);
    },
    mend() {
      cutText = undefined;
    },
    holdAnswerTo(text) {
      let caught: Wire | undefined;
      const given = new Promise<void>((resolve) => {
        wanted = {
          text,
          take(wire) {
            wanted = undefined;
            caught = wire;
            wire.held = { chunks: [], given: resolve };
          },
        };
      });
      const release = () => {
        for (const chunk of caught?.held?.chunks ?? []) caught?.near.write(chunk);
        if (caught) caught.held = undefined;
      };
      // A test that fails must not leave a connection that hangs.
      onTestFinished(release);
      return { given, release };
    },
    close() {
      for (const wire of wires) end(wire);
      server.close();
    },
  };
}
