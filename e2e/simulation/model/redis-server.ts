import { createHash } from 'node:crypto';
import type { Random } from '../chance/random.js';
import type { Process, VirtualTime } from '../chance/virtual-time.js';
import { createPipe, type Pipe, type Weather } from './pipe.js';
import { RedisData, type RedisWrite } from './redis-data.js';
import { type Script, type ScriptPlace, scriptOf } from './redis-scripts.js';

/** The server's end of one connection. */
export interface ServerConnection {
  readonly channels: Set<string>;
  readonly toClient: Pipe;
  readonly onMessage: (channel: string, message: string) => void;
  /** The client sees its connection end. */
  readonly onLost: () => void;
}

/** A server that runs commands one at a time. */
export interface RedisServer {
  readonly name: string;
  readonly process: Process;
  data: RedisData;
  role: 'master' | 'slave';
  /** `master_replid`: another one after every restart and every promotion. */
  replid: string;
  /** Of the process: the same through promotions. */
  runId: string;
  isUp: boolean;
  /** Where its writes go. */
  onWrite: (write: RedisWrite) => void;
  connect(weather: Weather, client: Process, ends: Pick<ServerConnection, 'onMessage' | 'onLost'>): ServerConnection;
  disconnect(connection: ServerConnection): void;
  connections(): readonly ServerConnection[];
  /** Runs a command; throws what the server would answer as an error. */
  execute(connection: ServerConnection, command: string, args: readonly (string | number | Buffer)[]): unknown;
  /** Ends all connections from this side. */
  dropClients(): void;
}

/** Tools of a model. */
export interface ModelTools {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly trace: (who: string, what: () => string) => void;
  /** Something is asked of a model that it does not know: the product has changed, and no run says anything any more. */
  readonly unknown: (what: string) => Error;
}

const WRITES = new Set(['SET', 'EVALSHA', 'EVAL', 'DEL', 'SPUBLISH']);

/** The incarnation that the scripts read on a server. */
function incarnationOf(server: RedisServer): string {
  return server.replid;
}

/** Creates an empty server, up and a master. */
export function createRedisServer(name: string, { time, random, trace, unknown }: ModelTools): RedisServer {
  const connections = new Set<ServerConnection>();
  const scripts = new Map<string, Script>();

  const place: ScriptPlace = {
    get data() {
      return server.data;
    },
    get incarnation() {
      return incarnationOf(server);
    },
    get now() {
      return time.wallClock();
    },
    write(write) {
      server.data.apply(write);
      server.onWrite(write);
    },
    publish(channel, message) {
      for (const { channels, toClient, onMessage } of connections) {
        if (channels.has(channel)) toClient.send(() => onMessage(channel, message));
      }
    },
  };

  function run(script: Script, [count, ...rest]: readonly (string | number | Buffer)[]): unknown {
    const split = Number(count);
    return script(place, rest.slice(0, split).map(String), rest.slice(split));
  }

  function evalsha([sha = '', ...rest]: readonly (string | number | Buffer)[]): unknown {
    const script = scripts.get(String(sha));
    if (!script) throw new Error('NOSCRIPT No matching script.');
    return run(script, rest);
  }

  function evaluate([source = '', ...rest]: readonly (string | number | Buffer)[]): unknown {
    const script = scriptOf(String(source));
    if (!script) throw unknown(`a script of Redis: ${String(source).slice(-200)}`);
    scripts.set(createHash('sha1').update(String(source)).digest('hex'), script);
    return run(script, rest);
  }

  function set([key = '', value = '', , ttlMs, condition]: readonly (string | number | Buffer)[]): unknown {
    if (condition === 'NX' && place.data.get(String(key), place.now)) return null;
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value));
    place.write({ type: 'set', key: String(key), value: bytes, until: place.now + Number(ttlMs) });
    return 'OK';
  }

  const server: RedisServer = {
    name,
    process: time.spawn(name),
    data: new RedisData(),
    role: 'master',
    replid: random.hex(20),
    runId: random.hex(20),
    isUp: true,
    onWrite: () => {},
    connect(weather, client, ends) {
      const toClient = createPipe({ time, random, weather, to: client });
      const connection: ServerConnection = { channels: new Set(), toClient, ...ends };
      connections.add(connection);
      return connection;
    },
    disconnect(connection) {
      connections.delete(connection);
      connection.toClient.close();
    },
    connections: () => [...connections],
    dropClients() {
      for (const connection of [...connections]) connection.onLost();
    },
    execute(connection, command, args) {
      if (server.role === 'slave' && WRITES.has(command)) {
        throw new Error("READONLY You can't write against a read only replica.");
      }
      switch (command) {
        case 'INFO':
          return infoOf(server);
        case 'PING':
          return 'PONG';
        case 'SET':
          return set(args);
        case 'EVALSHA':
          return evalsha(args);
        case 'EVAL':
          return evaluate(args);
        case 'SPUBLISH':
          place.publish(String(args[0]), String(args[1]));
          return 1;
        case 'SSUBSCRIBE':
          for (const channel of args) connection.channels.add(String(channel));
          trace(name, () => `subscribed ${args.join(' ')}`);
          return connection.channels.size;
        case 'SUNSUBSCRIBE':
          for (const channel of args) connection.channels.delete(String(channel));
          return connection.channels.size;
        default:
          throw unknown(`the command ${command} of Redis`);
      }
    },
  };
  return server;
}

function infoOf(server: RedisServer): string {
  return [
    'redis_version:7.4.0',
    'redis_mode:standalone',
    'cluster_enabled:0',
    'maxmemory_policy:noeviction',
    `role:${server.role}`,
    `master_replid:${incarnationOf(server)}`,
    '',
  ].join('\r\n');
}
