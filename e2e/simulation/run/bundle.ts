import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** A change of one source file, for a build alone: the file itself stays as it is. */
export interface Patch {
  /** From the root of the repository. */
  readonly file: string;
  /** Must be in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A program and the product in one file that a thread can run. */
export interface Bundle {
  readonly path: string;
  /** Removes the file. */
  remove(): Promise<void>;
}

const HERE = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Some of what is bundled is CommonJS and asks for modules of Node. */
const BANNER = `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`;

/** The simulation as it is, or with patches; see {@link bundleWithProduct}. */
export function bundleSimulation(patches: readonly Patch[] = []): Promise<Bundle> {
  return bundleWithProduct(join(HERE, 'run', 'worker.ts'), patches, [replacements()]);
}

/**
 * Bundles a program with the sources of the product, patched or as they are. Rejects when a patch does not find its place
 * exactly once: then the code has moved, and the patch has to follow it.
 */
export async function bundleWithProduct(
  entryPoint: string,
  patches: readonly Patch[],
  plugins: readonly Plugin[] = [],
): Promise<Bundle> {
  for (const patch of patches) patched(patch, readFileSync(join(ROOT, patch.file), 'utf8'));
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    conditions: ['querycast-source', 'module'],
    banner: { js: BANNER },
    logLevel: 'silent',
    plugins: [...plugins, patching(patches)],
  });
  const [file] = outputFiles;
  if (!file) throw new Error('the bundler made no file');
  const folder = await mkdtemp(join(tmpdir(), 'querycast-bundle-'));
  const path = join(folder, 'bundle.mjs');
  await writeFile(path, file.contents);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Modules of Node that the server takes time or chance from, and what takes their place. */
const OF_CHANCE = [
  ['node:crypto', 'virtual-crypto.ts'],
  ['node:timers/promises', 'virtual-timers.ts'],
] as const;

/** What the product reaches the outside world by leads to the models; everything else is its own code. */
function replacements(): Plugin {
  return {
    name: 'simulation',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/socket-io\.js$/ }, ({ importer }) =>
        importer.endsWith('gateway.ts') ? { path: join(HERE, 'product', 'edge.ts') } : undefined,
      );
      for (const [module, replacement] of OF_CHANCE) {
        onResolve({ filter: new RegExp(`^${module}$`) }, ({ importer }) =>
          importer.startsWith(join(ROOT, 'server', 'src')) ? { path: join(HERE, 'chance', replacement) } : undefined,
        );
      }
    },
  };
}

function patching(patches: readonly Patch[]): Plugin {
  return {
    name: 'patches',
    setup({ onLoad }) {
      onLoad({ filter: /\/(server|web|e2e\/simulation|protocol)\/.*\.ts$/ }, ({ path }) => {
        const own = patches.filter(({ file }) => join(ROOT, file) === path);
        const source = readFileSync(path, 'utf8');
        // The scripts of Redis are read beside their source.
        const isRelative = path.endsWith('redis/lua-script.ts');
        if (own.length === 0 && !isRelative) return undefined;
        const url = JSON.stringify(pathToFileURL(path).href);
        const contents = own.reduce((text, patch) => patched(patch, text), source).replaceAll('import.meta.url', url);
        return { contents, loader: 'ts' };
      });
    },
  };
}

function patched({ file, find, replace }: Patch, source: string): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} does not hold this exactly once, so the mutant has to follow the code:\n${find}`);
  }
  return before + replace + after;
}
