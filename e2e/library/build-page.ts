import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the tests' page into a folder, as a team builds theirs. */
export async function buildPage(outDir: string): Promise<void> {
  await build({
    root: fileURLToPath(new URL('page', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic' } },
    // Workspace packages resolve to their sources, as in the platform's pages.
    resolve: { conditions: ['querycast-source', 'module', 'browser', 'development|production'] },
    build: { outDir, emptyOutDir: true, target: 'es2023' },
  });
}
