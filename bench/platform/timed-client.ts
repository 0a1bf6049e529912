import { Agent, request } from 'node:http';

/** An answer, and how long it took from the request to its last byte. */
export interface TimedAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly ms: number;
}

/** One request. */
export interface TimedRequest {
  readonly agent: Agent;
  readonly method: 'GET' | 'PATCH';
  readonly url: URL;
  readonly token: string;
  readonly body?: unknown;
}

/** Asks as a browser does, one request at a time over one connection that is kept. */
export interface TimedClient {
  get(path: string, token: string): Promise<TimedAnswer>;
  patch(path: string, token: string, body: unknown): Promise<TimedAnswer>;
  /** Ends the connection. Idempotent. */
  close(): void;
}

/** Creates a client; it connects with its first request, which is therefore slower. */
export function createTimedClient(url: string): TimedClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    get: (path, token) => timedRequest({ agent, method: 'GET', url: new URL(path, url), token }),
    patch: (path, token, body) => timedRequest({ agent, method: 'PATCH', url: new URL(path, url), token, body }),
    close: () => agent.destroy(),
  };
}

/** Asks once. The time includes waiting for a connection of the agent. Rejects when there is no whole answer. */
export function timedRequest({ agent, method, url, token, body }: TimedRequest): Promise<TimedAnswer> {
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    Accept: 'application/json',
    Authorization: `Bearer ${token}`,
    ...(content && { 'Content-Type': 'application/json', 'Content-Length': content.length }),
  };
  return new Promise((resolve, reject) => {
    const sentAt = performance.now();
    const sent = request(url, { agent, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const ms = performance.now() - sentAt;
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), ms });
      });
    });
    sent.on('error', reject);
    sent.end(content);
  });
}
