import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyEmptyCluster } from './empty-cluster.js';

/** Makes a folder with an empty database. */
export async function embeddedPlace() {
  const dataDir = await mkdtemp(join(tmpdir(), 'querycast-platform-'));
  const folder = join(dataDir, 'db');
  await copyEmptyCluster(folder);
  return {
    variables: { DATA_DIR: dataDir },
    database: { folder },
    dataDir,
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}
