import { monitorRedis, type RedisServer } from '@querycast/test-servers';

/** What a server carried out, in its own order. */
export interface ServerOrder {
  /** `evict <owner>` and `publish <channel>`, from the beginning to everything that is done by now. */
  steps(): Promise<readonly string[]>;
  close(): void;
}

/** Watches a server that holds both log and cache (MONITOR): no clock, no sender and no receiver can be wrong about it. */
export async function watchOrder(server: RedisServer): Promise<ServerOrder> {
  const steps: string[] = [];
  const monitor = await monitorRedis(server, ({ words: [command = '', key = '', , , , condition], source }) => {
    const name = command.toUpperCase();
    // Whoever reads makes a generation too: where there is none (NX), or by a script in place of one that does not count.
    const isEviction = name === 'SET' && key.endsWith(':gen') && condition === undefined && source !== 'lua';
    if (isEviction) steps.push(`evict ${key.slice(0, -':gen'.length)}`);
    // Not the heartbeats of brokers.
    if (name === 'SPUBLISH' && !key.includes('beat:')) steps.push(`publish ${key}`);
  });
  return {
    async steps() {
      await monitor.heard();
      return [...steps];
    },
    close: monitor.close,
  };
}
