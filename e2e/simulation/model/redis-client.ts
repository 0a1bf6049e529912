import { EventEmitter } from 'node:events';
import type { createRedisBroker } from '../../../server/src/broker/redis-broker.js';
import type { RedisStoreClient } from '../../../server/src/cache/redis-store.js';
import type { Process } from '../chance/virtual-time.js';
import { createPipe, fairWeather, type Pipe, type Weather } from './pipe.js';
import type { RedisPair } from './redis-pair.js';
import type { ModelTools, RedisServer, ServerConnection } from './redis-server.js';

/** A connection for commands fails fast and has a time limit for each; one for subscriptions waits. As `connect.ts` makes them. */
export type RedisUse = 'commands' | 'subscriber';

type Argument = string | number | Buffer;

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 2_000;
/** With a question open and no byte for so long, the client gives a connection up. */
const SILENCE_TIMEOUT_MS = 3_000;

/** Only messages that nobody asked for get lost one by one. */
const EXACT = { isExact: true };

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly cancel: () => void;
}

interface Connection {
  readonly server: RedisServer;
  readonly toServer: Pipe;
  readonly end: ServerConnection;
  readonly asked: Set<Asked>;
  heardAt: number;
}

/** The client library as the product uses it, over the model's network. */
export class RedisClient extends EventEmitter {
  status: 'connecting' | 'ready' | 'reconnecting' | 'end' = 'connecting';
  readonly isCluster = false;
  readonly options: Record<string, unknown> = { autoResendUnfulfilledCommands: false };
  readonly weather: Weather = fairWeather();
  /** Whether it hears from the Sentinels that another server is the master. */
  hearsSentinels = true;
  readonly #tools: ModelTools;
  readonly #pair: RedisPair;
  readonly #use: RedisUse;
  readonly #owner: Process;
  #connection: Connection | undefined;
  #attempts = 0;
  #attempt = 0;

  constructor(tools: ModelTools, pair: RedisPair, use: RedisUse, owner: Process) {
    super();
    this.setMaxListeners(0);
    this.#tools = tools;
    this.#pair = pair;
    this.#use = use;
    this.#owner = owner;
    this.#connect();
  }

  /** The product's type of a client. */
  asRedis(): Parameters<typeof createRedisBroker>[0]['commands'] & RedisStoreClient {
    return this as never;
  }

  get server(): RedisServer | undefined {
    return this.#connection?.server;
  }

  /** The server's end: a fault may take subscriptions off it without a word. */
  get serverEnd(): ServerConnection | undefined {
    return this.#connection?.end;
  }

  info(): Promise<unknown> {
    return this.#ask('INFO', []);
  }
  ping(): Promise<unknown> {
    return this.#ask('PING', []);
  }
  set(...args: Argument[]): Promise<unknown> {
    return this.#ask('SET', args);
  }
  evalsha(...args: Argument[]): Promise<unknown> {
    return this.#ask('EVALSHA', args);
  }
  eval(...args: Argument[]): Promise<unknown> {
    return this.#ask('EVAL', args);
  }
  spublish(...args: Argument[]): Promise<unknown> {
    return this.#ask('SPUBLISH', args);
  }
  ssubscribe(...args: Argument[]): Promise<unknown> {
    return this.#ask('SSUBSCRIBE', args);
  }
  sunsubscribe(...args: Argument[]): Promise<unknown> {
    return this.#ask('SUNSUBSCRIBE', args);
  }
  async callBuffer(command: string, ...args: Argument[]): Promise<unknown> {
    return inBytes(await this.#ask(command, args));
  }

  disconnect(reconnect = false): void {
    this.#drop('Connection is closed.', reconnect);
  }

  /** The connection is over, for both sides. */
  lose(): void {
    if (this.#connection) this.#drop('Connection is closed.', true);
  }

  /** The process is gone: the server notices, nobody here does. */
  vanish(): void {
    const connection = this.#connection;
    if (connection) connection.server.disconnect(connection.end);
    connection?.toServer.close();
  }

  #connect(): void {
    const { time, random } = this.#tools;
    this.#attempt += 1;
    const attempt = this.#attempt;
    const isPresent = () => this.#attempt === attempt && !this.#connection && this.status !== 'end';
    const server = this.#pair.master();
    const fail = () => {
      if (isPresent()) this.#retry();
    };
    if (this.weather.isCut || !server.isUp) {
      time.after(random.between(0.1, 3), fail, this.#owner);
      return;
    }
    const cancelTimeout = time.after(CONNECT_TIMEOUT_MS, fail, this.#owner);
    // There and back: a server that hangs, or a hole, lets the attempt run into its timeout.
    const there = createPipe({ time, random, weather: this.weather, to: server.process });
    const back = createPipe({ time, random, weather: this.weather, to: this.#owner });
    there.send(() => {
      back.send(() => {
        there.close();
        back.close();
        if (!isPresent()) return;
        cancelTimeout();
        if (server.isUp) this.#opened(server);
        else this.#retry();
      }, EXACT);
    }, EXACT);
  }

  #opened(server: RedisServer): void {
    const { time, random, trace } = this.#tools;
    const toServer = createPipe({ time, random, weather: this.weather, to: server.process });
    const end = server.connect(this.weather, this.#owner, {
      onMessage: (channel, message) => {
        if (this.#connection) this.#connection.heardAt = time.now();
        trace(this.#owner.name, () => `hears ${message}`);
        this.emit('smessage', channel, message);
        this.emit('smessageBuffer', Buffer.from(channel), Buffer.from(message));
      },
      onLost: () => {
        server.disconnect(end);
        time.after(random.between(0, 3), () => this.#connection === connection && this.lose(), this.#owner);
      },
    });
    const connection: Connection = { server, toServer, end, asked: new Set(), heardAt: time.now() };
    this.#connection = connection;
    this.#attempts = 0;
    this.status = 'ready';
    trace(this.#owner.name, () => `${this.#use} connected to ${server.name}`);
    this.emit('ready');
  }

  #drop(reason: string, reconnect: boolean): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) {
      connection.server.disconnect(connection.end);
      connection.toServer.close();
      this.#tools.trace(this.#owner.name, () => `${this.#use} lost ${connection.server.name}`);
    }
    this.status = reconnect ? 'reconnecting' : 'end';
    for (const { reject, cancel } of connection?.asked ?? []) {
      cancel();
      reject(new Error(reason));
    }
    this.emit('close');
    if (reconnect) this.#retry();
    else this.emit('end');
  }

  #retry(): void {
    const { time, random } = this.#tools;
    this.#attempts += 1;
    this.status = 'reconnecting';
    this.emit('reconnecting');
    const delayMs = Math.min(50 * 2 ** Math.min(this.#attempts, 10), 1_000) * (0.5 + random.next() / 2);
    time.after(
      delayMs,
      () => {
        if (!this.#connection && this.status === 'reconnecting') this.#connect();
      },
      this.#owner,
    );
  }

  #ask(command: string, args: readonly Argument[]): Promise<unknown> {
    const connection = this.#connection;
    if (!connection) return Promise.reject(new Error("Stream isn't writeable and enableOfflineQueue options is false"));
    const { time } = this.#tools;
    return new Promise((resolve, reject) => {
      const timers = [time.after(SILENCE_TIMEOUT_MS, () => this.#listenFor(connection))];
      const asked: Asked = {
        resolve,
        reject,
        cancel: () => {
          for (const cancel of timers) cancel();
        },
      };
      connection.asked.add(asked);
      if (this.#use === 'commands') {
        timers.push(time.after(COMMAND_TIMEOUT_MS, () => reject(new Error('Command timed out'))));
      }
      connection.toServer.send(() => {
        const settle = this.#settlement(connection, command, args, asked);
        connection.end.toClient.send(() => {
          connection.heardAt = time.now();
          if (!connection.asked.delete(asked)) return;
          asked.cancel();
          settle();
        }, EXACT);
      }, EXACT);
    });
  }

  /** Runs the command at the server, now; answers what the client does when it hears of it. */
  #settlement(connection: Connection, command: string, args: readonly Argument[], asked: Asked): () => void {
    try {
      const value = connection.server.execute(connection.end, command, args);
      return () => asked.resolve(value);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      return () => {
        asked.reject(failure);
        // The address leads to another server by now, or will.
        if (failure.message.startsWith('READONLY') && this.#connection === connection) this.lose();
      };
    }
  }

  /** The silence limit: as long as something is asked and nothing was heard. */
  #listenFor(connection: Connection): void {
    const { time } = this.#tools;
    if (this.#connection !== connection || connection.asked.size === 0) return;
    if (time.now() - connection.heardAt >= SILENCE_TIMEOUT_MS) this.lose();
  }
}

function inBytes(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value);
  return Array.isArray(value) ? value.map(inBytes) : value;
}
