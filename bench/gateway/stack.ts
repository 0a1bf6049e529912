import { createPublisher, type Publisher } from '@querycast/server';
import { createRedisBroker, redisCommands, redisSubscriber } from '@querycast/server/redis';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.js';

/** A Redis, a gateway in a process of its own, and a publisher in this one. */
export interface GatewayStack {
  readonly redis: RedisServer;
  readonly gateway: GatewayProcess;
  readonly publisher: Publisher;
  /** Of all keys and channels. */
  readonly prefix: string;
  /** Ends everything. Idempotent. */
  close(): Promise<void>;
}

const PREFIX = 'qc:';

/** Starts everything on loopback and free ports. */
export async function startGatewayStack(): Promise<GatewayStack> {
  const redis = await startRedis();
  const target = { url: redis.url };
  const commands = redisCommands(target);
  const subscriber = redisSubscriber(target);
  const broker = createRedisBroker({ commands, subscriber, prefix: PREFIX });
  let gateway: GatewayProcess | undefined;
  async function close(): Promise<void> {
    await gateway?.close();
    await broker.close();
    commands.disconnect();
    subscriber.disconnect();
    await redis.close();
  }
  try {
    gateway = await startGatewayProcess(redis.url, PREFIX);
    await new Promise<void>((resolve) => broker.onLive((live) => live && resolve()));
    return { redis, gateway, publisher: createPublisher({ broker }), prefix: PREFIX, close };
  } catch (error) {
    await close();
    throw error;
  }
}
