import type { Process } from '../chance/virtual-time.js';
import type { Pipe } from '../model/pipe.js';
import type { ModelTools } from '../model/redis-server.js';

/** The client's end of a connection, as the gateway's machine reaches it. */
export interface ClientEnd {
  /** Messages on their way to the client. */
  readonly down: Pipe;
  opened(): void;
  refused(data: unknown): void;
  message(event: string, payload: unknown): void;
  closed(reason: string): void;
}

/** The gateway's end of a connection, as the client's machine reaches it. */
export interface GatewayEnd {
  request(event: string, payload: unknown, answer: (acknowledgement: unknown) => void): void;
  /** The transport is gone. */
  gone(): void;
}

/** A machine on which a gateway listens; stands for the HTTP server that a gateway is attached to. */
export interface GatewayHost {
  readonly tools: ModelTools;
  readonly process: Process;
  /** Set by the gateway's edge. */
  accept: ((client: ClientEnd, auth: unknown) => GatewayEnd) | undefined;
}
