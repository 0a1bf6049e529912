import { RedisData, type RedisWrite } from './redis-data.js';
import { createRedisServer, type ModelTools, type RedisServer } from './redis-server.js';

/** What is left of the data when a server comes back. */
export type Kept = 'all' | 'older' | 'none';

/** A master, its replica, and the Sentinels that tell who is which. */
export interface RedisPair {
  readonly name: string;
  readonly servers: readonly [RedisServer, RedisServer];
  /** The master, as the Sentinels say. */
  master(): RedisServer;
  /** How long writes take to the replica, in milliseconds; `Infinity` while it hears nothing. */
  lagMs: number;
  /** Ends the master's process; it is a master again when it is back. */
  crash(): void;
  restart(kept: Kept): void;
  /**
   * The replica is promoted with what it has. `superseded`: the old master lives on, unaware, and serves whoever is still
   * connected, until `demote`.
   */
  failOver(options: { readonly superseded: boolean }): void;
  /** The old master comes to know: it takes the new one's data and becomes its replica. */
  demote(): void;
  /** Told when another server is the master. */
  onSwitch(listen: () => void): void;
  /** Deletes something from the master, as memory pressure or a hand would. */
  evict(write: Extract<RedisWrite, { readonly type: 'evict_log' | 'evict_head' | 'delete' }>): void;
}

/** Creates a pair whose first server is the master. */
export function createRedisPair(name: string, tools: ModelTools): RedisPair {
  const { time, random, trace } = tools;
  const servers = [createRedisServer(`${name}-a`, tools), createRedisServer(`${name}-b`, tools)] as const;
  const listeners: (() => void)[] = [];
  let [master, replica]: readonly RedisServer[] = servers;
  /** Writes on their way to the replica: nobody reads there, so that they are done when it matters. */
  let onTheirWay: { readonly at: number; readonly write: RedisWrite }[] = [];

  function present(server: RedisServer | undefined): RedisServer {
    if (!server) throw new Error('a pair has two servers');
    return server;
  }

  /** The stream to the replica ends: what was on its way never arrives. */
  function endStream(): void {
    const to = present(replica);
    for (const { at, write } of onTheirWay) if (at <= time.now()) to.data.apply(write);
    onTheirWay = [];
    present(master).onWrite = () => {};
  }

  /** The replica takes over all data, then every write. */
  function attach(): void {
    const [from, to] = [present(master), present(replica)];
    onTheirWay = [];
    let arrivesAt = 0;
    to.role = 'slave';
    to.replid = from.replid;
    to.data = RedisData.of(from.data.writes);
    to.onWrite = () => {};
    from.onWrite = (write) => {
      // Nothing is read from the stream any more: what follows cannot arrive either.
      if (pair.lagMs === Number.POSITIVE_INFINITY) return endStream();
      arrivesAt = Math.max(arrivesAt, time.now() + random.between(0, pair.lagMs));
      onTheirWay.push({ at: arrivesAt, write });
    };
  }

  const pair: RedisPair = {
    name,
    servers,
    master: () => present(master),
    lagMs: 5,
    crash() {
      const server = present(master);
      server.isUp = false;
      endStream();
      server.dropClients();
      trace(server.name, () => 'crashed');
    },
    restart(kept) {
      const server = present(master);
      const { writes } = server.data;
      const count = kept === 'all' ? writes.length : kept === 'none' ? 0 : random.below(writes.length + 1);
      server.data = RedisData.of(writes.slice(0, count));
      server.replid = random.hex(20);
      server.runId = random.hex(20);
      server.isUp = true;
      attach();
      trace(server.name, () => `back with ${count} of ${writes.length} writes, ${server.replid.slice(0, 6)}`);
    },
    failOver({ superseded }) {
      endStream();
      const old = present(master);
      const next = present(replica);
      [master, replica] = [next, old];
      next.role = 'master';
      next.replid = random.hex(20);
      if (!superseded) {
        old.isUp = false;
        old.dropClients();
      }
      const lost = () => old.data.writes.length - next.data.writes.length;
      trace(next.name, () => `promoted, ${lost()} writes behind, ${next.replid.slice(0, 6)}`);
      for (const listen of listeners) listen();
    },
    demote() {
      const old = present(replica);
      old.isUp = true;
      old.dropClients();
      pair.lagMs = 5;
      attach();
      trace(old.name, () => 'is the replica now');
    },
    onSwitch: (listen) => listeners.push(listen),
    evict(write) {
      const server = present(master);
      server.data.apply(write);
      server.onWrite(write);
      trace(server.name, () => `${write.type} ${'room' in write ? write.room : write.key}`);
    },
  };
  attach();
  return pair;
}
