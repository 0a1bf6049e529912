import type { RedisServer } from '@querycast/test-servers';

/** How often a server was asked for what, calls inside of scripts included. */
export interface CommandCounts {
  /** Scripts that were run. */
  readonly scripts: number;
  /** Channels of rooms that were subscribed to. */
  readonly subscriptions: number;
  /** All commands, those that count apart. */
  readonly all: number;
}

/** Counts anew from now on. */
export async function resetCommandCounts(redis: RedisServer): Promise<void> {
  await redis.cli('CONFIG', 'RESETSTAT');
}

/** What was counted since then. */
export async function commandCounts(redis: RedisServer): Promise<CommandCounts> {
  const calls = new Map<string, number>();
  for (const [, name = '', count] of (await redis.cli('INFO', 'commandstats')).matchAll(
    /^cmdstat_(\S+):calls=(\d+)/gm,
  )) {
    calls.set(name, Number(count));
  }
  const of = (...names: string[]) => names.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0);
  return {
    scripts: of('eval', 'evalsha'),
    subscriptions: of('ssubscribe'),
    all: [...calls.values()].reduce((sum, count) => sum + count, 0) - of('info', 'config|resetstat'),
  };
}

/** What a server holds, in bytes. */
export async function usedMemory(redis: RedisServer): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.cli('INFO', 'memory'))?.[1]);
}
