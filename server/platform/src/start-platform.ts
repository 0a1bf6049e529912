import { createServer, type RequestListener } from 'node:http';
import {
  type Broker,
  createGateway,
  createPublisher,
  type EvictionTarget,
  type Gateway,
  type Logger,
  type Publisher,
  prometheusMetrics,
  silentLogger,
} from '@querycast/server';
import { createRelay, OUTBOX_CHANNEL, type Relay, type Signals } from '@querycast/server/postgres';
import { createDashboardCacheManager, type DashboardCacheManager } from './cache/dashboard-cache-manager.js';
import { ownersOf } from './cache/dashboard-entries.js';
import { createWarming } from './cache/warming.js';
import { type Closers, createClosers } from './closers.js';
import { distributedBackends } from './compose/distributed.js';
import { embeddedBackends } from './compose/embedded.js';
import { platformSignals } from './compose/signals.js';
import { createToldSoon } from './compose/told-soon.js';
import type { Config } from './config.js';
import type { Database, StatementListener } from './db/database.js';
import { loadDemoData } from './db/demo-data.js';
import { createDemo } from './demo/demo.js';
import { closeDemoAccess, openDemoAccess } from './demo/demo-access.js';
import { createRestartableGateway } from './demo/restartable-gateway.js';
import { createApp } from './http/app.js';
import { clientAddress } from './http/client-address.js';
import { endable } from './http/end-server.js';
import { PAGES_FOLDER } from './http/pages.js';
import { listen } from './listen.js';
import { hintedTargets, RIGHTS_CHANNEL } from './rights/rights-hints.js';
import { sessionRights } from './rights/session-rights.js';
import { studentRooms } from './rights/student-rooms.js';
import { createAuthentication } from './sessions/authenticate-session.js';
import { ownRooms } from './sessions/own-rooms.js';

/** What may differ from the real thing; everything has a default. */
export interface Surroundings {
  readonly logger?: Logger;
  /** The name that clients and other nodes are told; default random. */
  readonly node?: string;
  /** Milliseconds since 1970; default the system's clock. */
  readonly clock?: () => number;
  readonly onStatement?: StatementListener;
  /** Wraps what says who is affected by which change. */
  readonly signals?: (signals: Signals) => Signals;
  /** Where the built pages are; default the workspace's own. */
  readonly pagesFolder?: string;
  /** Longest that the answer of a write waits until what it made stale has been told, in milliseconds; default 500, 0 for not at all. */
  readonly toldWithinMs?: number;
}

/** A running platform. */
export interface Platform {
  readonly url: string;
  /** Where the publish token is kept, when it was not given. */
  readonly publishTokenFile: string | undefined;
  /** Its parts, for tests that must see or hold one of them. */
  readonly parts: {
    readonly db: Database;
    readonly cache: DashboardCacheManager;
    readonly broker: Broker;
    readonly publisher: Publisher;
    readonly relay: Relay;
    readonly gateway: Gateway;
  };
  /** Tells clients, finishes what runs, closes everything within about 4 s. Idempotent. */
  close(): Promise<void>;
}

/** How long clients are given to move away before the first socket is cut, in milliseconds. */
const DRAIN_MS = 1_000;

/**
 * Starts the whole platform in this process, alone or as one of several nodes. Rejects with `StartError`, whose message
 * says in a sentence what to do; whatever had been started is closed by then.
 */
export async function startPlatform(config: Config, surroundings: Surroundings = {}): Promise<Platform> {
  const { logger = silentLogger } = surroundings;
  const closers = createClosers((part, err) => logger.error({ part, err }, 'part failed to close'));
  try {
    return await start(config, surroundings, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function start(config: Config, surroundings: Surroundings, closers: Closers): Promise<Platform> {
  const { logger = silentLogger, node, clock = Date.now, onStatement } = surroundings;
  const { pagesFolder = PAGES_FOLDER, toldWithinMs = 500 } = surroundings;
  const metrics = prometheusMetrics();
  const tools = {
    closers,
    logger,
    metrics,
    ...(onStatement && { onStatement }),
    async fill(db: Database) {
      if (!config.demoData) return;
      if (await loadDemoData(db, clock())) logger.debug({}, 'demo data loaded');
      else await openDemoAccess(db);
    },
  };
  const backends = config.distributed
    ? await distributedBackends(config, config.distributed, tools)
    : await embeddedBackends(config, tools);
  const {
    database,
    broker,
    openRooms,
    cache,
    adapters,
    authSecret: secret,
    publishTokens,
    publishTokenFile,
  } = backends;
  const { db, pool } = database;

  const publisher = createPublisher({ broker, logger, metrics });
  const demo = config.demoData ? await createDemo({ db, logger, clock }) : undefined;
  const wrapped = (surroundings.signals ?? ((each) => each))(platformSignals(logger));
  const signals = demo ? demo.trail.watch(wrapped) : wrapped;
  const listenToOutbox = (onWake: () => void) => database.listen(OUTBOX_CHANNEL, onWake);
  // Before the relay, so that it closes after it.
  const warming = createWarming({ db, cache, openRooms, logger, metrics });
  closers.add('cache warming', () => warming.close());
  const relay = createRelay({
    pool,
    signals,
    cache,
    publisher,
    broker,
    listen: listenToOutbox,
    published(pushes) {
      warming.warm(pushes);
      demo?.trail.published(pushes);
    },
    logger,
    metrics,
  });
  closers.add('relay', () => relay.close());

  const authentication = createAuthentication(db, secret, clock);
  const httpServer = createServer((request, response) => (restartable?.answer ?? app)(request, response));
  closers.add('HTTP server', endable(httpServer));
  const recheck = sessionRights(pool, clock);
  const comparisonRights = { authenticate: authentication.principal, recheck };
  const handWritten = demo?.attach(httpServer, comparisonRights, adapters.comparison);
  closers.add('comparison', () => handWritten?.close());
  const makeGateway = () =>
    createGateway({
      broker,
      authenticate: authentication.tokenAlone,
      recheck,
      roomsOf: ownRooms,
      authorize: studentRooms(pool),
      allowedOrigins: config.allowedOrigins,
      ...(config.limits && { limits: config.limits }),
      clientAddress,
      ...(node !== undefined && { node }),
      ...(adapters.gateway && { adapter: adapters.gateway }),
      evicted: (target, agoMs) => handWritten?.evict(target, agoMs),
      logger,
      metrics,
    });
  const behind: RequestListener = (request, response) => app(request, response);
  // Of several nodes none is restarted for a demo: the clients would simply go to the others.
  const restartable =
    demo && !config.distributed ? createRestartableGateway({ httpServer, behind, make: makeGateway }) : undefined;
  const gateway: Gateway = restartable ?? makeGateway().attach(httpServer);
  closers.add('gateway', () => gateway.close());
  const lookAgain = (target?: EvictionTarget) => {
    gateway.recheckHere(target);
    handWritten?.recheck(target);
  };
  // Whoever listens is called once more whenever hints may have been missed, and then looks at everybody.
  const unlisten = await database.listen(RIGHTS_CHANNEL, (hint) => {
    const targets = hintedTargets(hint);
    if (!targets) lookAgain();
    for (const target of targets ?? []) lookAgain(target);
  });
  closers.add('listening for rights', unlisten);
  backends.openDoor(publisher);
  // The first thing to happen: readiness is off from here on, and the API goes on answering until all have moved.
  closers.add('draining', () => gateway.drain(DRAIN_MS));

  const manager = createDashboardCacheManager(cache);
  const toldSoon = createToldSoon({ pool, withinMs: toldWithinMs, logger, metrics });
  const tell = (parentId?: number | null) => {
    // The database notifies as well; this saves the way when it is busy, and costs nothing.
    relay.wake();
    if (parentId === undefined || parentId === null || !handWritten) return;
    // As such code does: evict, then tell. Its readers would otherwise be as fast as the relay, and read the cache.
    const changed = () => handWritten.changed(parentId);
    // A cache that does not answer has been logged and counted, and is not read either.
    cache.evict(ownersOf('parent', parentId)).then(changed, changed);
  };
  const committed = async (parentId?: number | null) => {
    tell(parentId);
    await toldSoon.wait();
  };
  const app = createApp({
    db,
    cache: manager,
    broker,
    publisher,
    authenticate: authentication.viewer,
    secret,
    publishTokens,
    allowedOrigins: config.allowedOrigins,
    secureCookies: config.distributed !== undefined,
    demo: demo?.routes({ authenticate: authentication.viewer, tell, gateway: restartable }),
    pagesFolder,
    checks: {
      database: () => database.ping(),
      gateway: () => {
        if (!gateway.isReady()) throw new Error('the gateway is going away');
      },
      // Not the broker: every node would leave at once, where a page that polls them is better than one that gets nothing.
    },
    evict: (session) => void gateway.evict({ session }, 'logged_out'),
    evictUser: (user) => void gateway.evict({ user: String(user) }, 'deactivated'),
    recheckUser: (user) => gateway.recheck({ user: String(user) }),
    committed,
    clock,
    logger,
    metrics,
  });

  await relay.start();
  const url = await listen(httpServer, config.host, config.port);
  // The last step: a node that is refused, or finds its port in use, must not lock out whoever is on another one.
  if (!config.demoData) await endDemoAccess(db, gateway, { logger, clock });
  return {
    url,
    publishTokenFile,
    parts: { db, cache: manager, broker, publisher, relay, gateway },
    close: () => closers.close(),
  };
}

/** Also for those who are on a node that was started with demo data: it serves the same people. */
async function endDemoAccess(
  db: Database,
  gateway: Gateway,
  { logger, clock }: { readonly logger: Logger; readonly clock: () => number },
): Promise<void> {
  const deactivated = await closeDemoAccess(db, clock());
  if (deactivated.length > 0) logger.warn({ people: deactivated.length }, 'demo people deactivated');
  for (const id of deactivated) gateway.evict({ user: String(id) }, 'deactivated');
}
