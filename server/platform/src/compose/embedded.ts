import { join } from 'node:path';
import { createCache, createMemoryBroker, memoryStore } from '@querycast/server';
import type { Config } from '../config.js';
import { keepSecret } from '../data-dir/keep-secret.js';
import { openDataDir } from '../data-dir/open-data-dir.js';
import { openDatabase } from '../db/open-database.js';
import type { Backends, ComposeTools } from './backends.js';

/** Everything in this process and one folder. Rejects with `StartError`. */
export async function embeddedBackends(config: Config, tools: ComposeTools): Promise<Backends> {
  const { closers, logger, metrics, fill, onStatement } = tools;
  const dataDir = await openDataDir(config.dataDir);
  closers.add('data folder', () => dataDir.release());
  const authSecret = config.authSecret ?? (await keepSecret(dataDir.path, 'auth-secret')).value;
  const kept = config.publishTokens === undefined ? await keepSecret(dataDir.path, 'publish-token') : undefined;

  const place = { folder: join(dataDir.path, 'db') };
  const database = await openDatabase({ ...place, fill, logger, metrics, ...(onStatement && { onStatement }) });
  closers.add('database', () => database.close());
  const broker = createMemoryBroker();
  closers.add('broker', () => broker.close());

  return {
    database,
    broker,
    openRooms: broker,
    cache: createCache({ store: memoryStore(), logger, metrics }),
    adapters: {},
    openDoor() {
      // A program outside has the HTTP door; one inside has the publisher.
    },
    authSecret,
    publishTokens: config.publishTokens ?? (kept ? [kept.value] : []),
    ...(kept && { publishTokenFile: kept.file }),
  };
}
