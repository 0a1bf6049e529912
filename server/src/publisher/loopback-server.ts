import { createServer } from 'node:http';
import type { Express } from 'express';

/** An application behind a real socket, for tests. */
export interface LoopbackServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves an application on a free port of the loopback interface. */
export async function serveLoopback(app: Express): Promise<LoopbackServer> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a TCP address was expected');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
