import { once } from 'node:events';
import type { Server } from 'node:http';
import { StartError, systemReason } from './start-error.js';

/** Addresses that mean "every interface": a browser needs a name instead. */
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Listens, and resolves to the URL of the server. Rejects with {@link StartError} `address_unusable`. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const why = systemReason(error);
    const message = `Cannot listen on HOST ${host}, PORT ${port}, because ${why}: choose another or free this one.`;
    throw new StartError('address_unusable', message, { cause: error });
  }
  const address = server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  const name = ANY_ADDRESS.has(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${boundPort}`;
}
