/** One process of the backend: the gateway and the API, made of the product's own parts. */
import type { Server } from 'node:http';
import type { Room } from '@querycast/protocol';
import { createGateway, type Gateway } from '../../../server/src/gateway/gateway.js';
import { type Metrics, noMetrics } from '../../../server/src/observability/metrics.js';
import { positionHeader } from '../../../server/src/publisher/position-header.js';
import type { Process } from '../chance/virtual-time.js';
import { type Item, nameOf } from '../model/database.js';
import { type Backend, type Clients, connectClients, createParts, ownerOf } from './backend.js';
import { createComputeDelay } from './compute-delay.js';
import type { GatewayHost } from './gateway-host.js';

/** An answer of the API. */
export interface Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly version: number;
}

/** A process that runs. */
export interface Node {
  readonly host: GatewayHost;
  readonly process: Process;
  readonly gateway: Gateway;
  readonly clients: Clients;
  /** Answers a request; rejects as the API does, with a status of 500. */
  handle(user: string, item: Item): Promise<Answer>;
  /** Sizes of what it keeps. */
  gauges: ReadonlyMap<string, number>;
  /** How often the sweep found a room behind its log. */
  swept(): number;
}

const ENTRY_TTL_MS = 300_000;

/** Starts a node; it belongs to `process`, which must be the present one. */
export function startNode(process: Process, backend: Backend): Node {
  const { tools, database, users, load } = backend;
  const gauges = new Map<string, number>();
  let swept = 0;
  const metrics: Metrics = {
    ...noMetrics,
    gauge: (name, value) => void gauges.set(name, value),
    count: (name, labels) => {
      if (name === 'room_sweeps_total' && isRepair(labels?.['result'])) swept += 1;
    },
  };
  const clients = connectClients(process, backend);
  const { broker, cache, logger } = createParts(process, backend, clients, metrics);
  const host: GatewayHost = { tools, process, accept: undefined };
  const gateway = createGateway({
    broker,
    authenticate: async (token) => ({ id: token, claims: {} }),
    roomsOf: async ({ id }) => users.roomsOf(id),
    authorize: async ({ id }, room) => users.mayJoin(id, room),
    node: process.name,
    logger,
    metrics,
  }).attach(host as unknown as Server);
  const computeDelay = createComputeDelay(tools, load);

  async function compute(item: Item): Promise<number> {
    await computeDelay();
    const version = await database.read(item);
    await computeDelay();
    return version;
  }

  async function handle(user: string, item: Item): Promise<Answer> {
    const headers: Record<string, string> = {};
    let version: Promise<number> | undefined;
    const next = () => {
      const owner = ownerOf(item);
      const read = { owner, key: `${owner}:v1`, ttlMs: ENTRY_TTL_MS, compute: () => compute(item) };
      version ??= cache.getOrCompute(read);
      // Whoever does not wait for it yet must not end the process.
      version.catch(() => {});
    };
    const roomsOf = (): readonly Room[] => users.mayRead(user);
    const response = {
      set: (name: string, value: string) => {
        headers[name] = value;
      },
      get: (name: string) => headers[name],
    };
    const middleware = positionHeader({ broker, roomsOf, logger });
    await middleware({} as never, response as never, next);
    if (!version) throw new Error('the middleware did not go on');
    const answer = { version: await version, headers };
    tools.trace(
      process.name,
      () => `answers ${user} ${nameOf(item)} v${answer.version} ${headers['Querycast-Position'] ?? ''}`,
    );
    return answer;
  }

  return { host, process, gateway, clients, handle, gauges, swept: () => swept };
}

function isRepair(result: string | undefined): boolean {
  return result === 'recovered' || result === 'resync';
}
