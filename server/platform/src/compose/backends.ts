import type { Broker, Cache, GatewayOptions, Logger, OpenRooms, PrometheusMetrics, Publisher } from '@querycast/server';
import type { PublishToken } from '@querycast/server/express';
import type { Closers } from '../closers.js';
import type { Database, StatementListener } from '../db/database.js';
import type { DatabaseHandle } from '../db/open-database.js';

/** Carries words about sockets between nodes. */
export type SocketAdapter = NonNullable<GatewayOptions['adapter']>;

/** What the platform stands on, whichever column of implementations it is made of. */
export interface Backends {
  readonly database: DatabaseHandle;
  readonly broker: Broker;
  /** The broker's, seen as what it knows of open rooms. */
  readonly openRooms: OpenRooms;
  readonly cache: Cache;
  /** For the gateway, and for the comparison of the demo, which must not hear each other; none: this node is alone. */
  readonly adapters: { readonly gateway?: SocketAdapter; readonly comparison?: SocketAdapter };
  /** Opens the door that this column has besides HTTP. Closes with the rest. */
  openDoor(publisher: Publisher): void;
  readonly authSecret: string;
  readonly publishTokens: readonly (string | PublishToken)[];
  /** Where the publish token is kept, when it was not given. */
  readonly publishTokenFile?: string;
}

/** What both columns are made with. */
export interface ComposeTools {
  /** Gets a step for everything that was opened. */
  readonly closers: Closers;
  /** Fills the prepared database, one node at a time. */
  readonly fill: (db: Database) => Promise<void>;
  readonly onStatement?: StatementListener;
  readonly logger: Logger;
  readonly metrics: PrometheusMetrics;
}
