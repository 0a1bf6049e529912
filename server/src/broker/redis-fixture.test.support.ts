import { type RedisServer, type RedisServerOptions, startRedis } from '@querycast/test-servers';
import { afterEach } from 'vitest';
import { becomes, type ConnectedBroker, connectBroker } from './redis-broker.test.support.js';

type Options = Parameters<typeof connectBroker>[1];

/** Servers and brokers of one test. */
export interface RedisFixture {
  start(config?: RedisServerOptions['config']): Promise<RedisServer>;
  /** It may not be live yet. */
  connect(server: { readonly url: string }, options?: Options): ConnectedBroker;
  connectLive(server: RedisServer, options?: Options): Promise<ConnectedBroker>;
}

/** Closes what a test opened, the last first, after each test of the file that calls this. */
export function useRedis(): RedisFixture {
  const opened: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  });

  function connect({ url }: { readonly url: string }, options: Options = {}): ConnectedBroker {
    const connected = connectBroker({ url }, options);
    opened.push(connected);
    return connected;
  }

  return {
    async start(config = {}) {
      const server = await startRedis({ config });
      opened.push(server);
      return server;
    },
    connect,
    async connectLive(server, options = {}) {
      const connected = connect(server, options);
      await becomes(connected.broker, true);
      return connected;
    },
  };
}

/** Runs a fault and resolves once the broker is live again after it. */
export async function survives(
  { broker }: ConnectedBroker,
  fault: () => Promise<unknown>,
): Promise<string | undefined> {
  const lost = becomes(broker, false);
  await fault();
  await lost;
  return await becomes(broker, true);
}
