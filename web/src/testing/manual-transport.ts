import type { ConnectAuth, LiveTransport, TransportConnection, TransportHandlers } from '../client/transport.js';

/** The gateway's end of one connection in memory. */
export interface ManualConnection {
  /** What the client connected with; resolves once its token is there. */
  readonly auth: Promise<ConnectAuth>;
  /** Requests so far, oldest first, each to be answered by the test. */
  readonly requests: ManualRequest[];
  readonly isClosed: boolean;
  accept(): void;
  refuse(code: string, retryAfterMs?: number): void;
  send(event: string, payload: unknown): void;
  /** Ends the connection from the gateway's side. */
  cut(): void;
}

/** A request that waits for its acknowledgement. */
export interface ManualRequest {
  readonly event: string;
  readonly payload: object;
  answer(acknowledgement: unknown): void;
  fail(): void;
}

/** A transport without a network. `connections` grows by one with each attempt. */
export function createManualTransport(): LiveTransport & { readonly connections: ManualConnection[] } {
  const connections: ManualConnection[] = [];
  return {
    connections,
    connect: (handlers) => {
      const { connection, client } = openManualConnection(handlers);
      connections.push(connection);
      return client;
    },
  };
}

/** Opens one connection in memory; answers both of its ends. `onRequest` hears of what the client asks. */
export function openManualConnection(
  handlers: TransportHandlers,
  onRequest: (request: ManualRequest) => void = () => {},
): { readonly connection: ManualConnection; readonly client: TransportConnection } {
  const requests: ManualRequest[] = [];
  let isClosed = false;
  const end = (tell: () => void) => {
    if (isClosed) return;
    isClosed = true;
    for (const request of requests) request.fail();
    tell();
  };
  const ifOpen = (tell: () => void) => {
    if (!isClosed) tell();
  };
  const connection: ManualConnection = {
    auth: Promise.resolve().then(() => handlers.auth()),
    requests,
    get isClosed() {
      return isClosed;
    },
    accept: () => ifOpen(handlers.onOpen),
    refuse: (code, retryAfterMs) =>
      end(() => handlers.onProblem({ code, message: code, ...(retryAfterMs !== undefined && { retryAfterMs }) })),
    send: (event, payload) => ifOpen(() => handlers.onMessage(event, payload)),
    cut: () => end(() => handlers.onClose('cut')),
  };
  connection.auth.catch((error: { code?: string }) =>
    end(() => handlers.onProblem({ message: 'no token', ...(error.code !== undefined && { code: error.code }) })),
  );
  const client: TransportConnection = {
    request: (event, payload) =>
      new Promise<unknown>((answer, reject) => {
        const request = { event, payload, answer, fail: () => reject(new Error('connection closed')) };
        requests.push(request);
        onRequest(request);
      }),
    close: () => end(() => {}),
  };
  return { connection, client };
}
