import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const CACHE_FOLDER = fileURLToPath(new URL('../../../../.cache', import.meta.url));

/**
 * Fills a new database folder with a copy of an empty cluster, kept per version of PGlite: to copy one takes a tenth of
 * the time of making one. Schema and data are not in it.
 */
export async function copyEmptyCluster(folder: string): Promise<void> {
  const template = join(CACHE_FOLDER, `pglite-${await pgliteVersion()}`);
  const copy = () => cp(template, folder, { recursive: true, errorOnExist: true, force: false });
  try {
    await copy();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    await makeTemplate(template);
    await copy();
  }
}

/** Made aside and moved into place whole, because test files run side by side. */
async function makeTemplate(template: string): Promise<void> {
  await mkdir(CACHE_FOLDER, { recursive: true });
  const draft = await mkdtemp(join(CACHE_FOLDER, 'pglite-draft-'));
  const cluster = await PGlite.create({ dataDir: join(draft, 'cluster') });
  await cluster.close();
  // Somebody else was faster: theirs is as good.
  await rename(join(draft, 'cluster'), template).catch(() => undefined);
  await rm(draft, { recursive: true });
}

async function pgliteVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest: { version: string } = JSON.parse(await readFile(join(dirname(entry), '../package.json'), 'utf8'));
  return manifest.version;
}
