import type { Closers } from '@querycast/platform-server/src/closers.js';
import { startPostgres, startRedis } from '@querycast/test-servers';
import { Client } from 'pg';
import type { Progress } from '../../figures/progress.js';
import { generate, type RowCounts } from '../data/generate.js';
import type { Sizes } from '../data/sizes.js';
import { type Cores, reserveCore } from './cores.js';
import { AUTH_SECRET, type PlatformPlace, startPlatformProcess } from './platform-process.js';

/** A platform with its servers and its generated data. */
export interface Stack extends PlatformPlace {
  readonly url: string;
  /** For whatever the benchmark asks or writes in SQL. */
  readonly client: Client;
  readonly rows: RowCounts;
  readonly cores: Cores | undefined;
  readonly authSecret: string;
}

/** Starts everything on loopback and free ports; `closers` end it again. */
export async function startStack(sizes: Sizes, closers: Closers, progress: Progress): Promise<Stack> {
  const cores = reserveCore();
  if (!cores) progress.say('no core can be reserved for the platform: figures will vary more');

  const postgres = await progress.step('starting PostgreSQL and two Redis servers', startPostgres);
  closers.add('PostgreSQL', () => postgres.close());
  const redis = await startRedis();
  closers.add('Redis', () => redis.close());
  const cacheRedis = await startRedis({ config: { maxmemory: '512mb', 'maxmemory-policy': 'allkeys-lru' } });
  closers.add('Redis of the cache', () => cacheRedis.close());
  const databaseUrl = postgres.url(await postgres.createDatabase());
  const place = { databaseUrl, redisUrl: redis.url, cacheUrl: cacheRedis.url };

  const client = await connectTo(databaseUrl, closers);
  const rows = await generate(databaseUrl, client, sizes, progress);
  const platform = await progress.step('starting the platform', () => startPlatformProcess(place, cores, progress.say));
  closers.add('platform', () => platform.close());
  return { ...place, url: platform.url, client, rows, cores, authSecret: AUTH_SECRET };
}

async function connectTo(databaseUrl: string, closers: Closers): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'querycast bench' });
  // Whatever is under way rejects as well.
  client.on('error', () => {});
  await client.connect();
  closers.add('database connection', () => client.end());
  return client;
}
