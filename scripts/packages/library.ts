import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A library as npm has unpacked it. */
export interface Library {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What is read of a `package.json`. */
export interface Manifest {
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** What an entry point leads to. */
export interface Reach {
  /** Modules of the library, as paths without extension: each is code and types. */
  readonly modules: ReadonlySet<string>;
  /** Packages that they import, or whose types they name. */
  readonly packages: ReadonlySet<string>;
}

/** As the compiler writes them: whole statements that end with the module, and types by their module. */
const IMPORT = /^(?:import '|(?:import|export|\}).*\bfrom ')([^']+)';$|\bimport\(["']([^"']+)["']\)/gm;

/** Reads the library that an app has installed. */
export function installedLibrary(app: string, name: string): Library {
  const folder = join(app, 'node_modules', name);
  return { name, folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) };
}

/** The names an app imports a library by. */
export function entryPoints({ name, manifest }: Library): string[] {
  return Object.keys(manifest.exports).map((path) => path.replace('.', name));
}

/** All files of a folder, as sorted paths with slashes. */
export function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((file) => join(file.parentPath, file.name).slice(folder.length + 1)).sort();
}

/** Follows every import of an entry point inside the library, in its code and in its types. */
export function reachOf({ folder, manifest }: Library, path: string): Reach {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const pending = [manifest.exports[path]?.['default']?.replace(/^\.\/(.*)\.js$/, '$1') ?? ''];
  for (const module of pending) {
    if (modules.has(module)) continue;
    modules.add(module);
    for (const imported of importsOf(join(folder, module))) {
      if (imported.startsWith('.')) pending.push(join(dirname(module), imported.replace(/\.js$/, '')));
      else if (!imported.startsWith('node:')) packages.add(packageOf(imported));
    }
  }
  return { modules, packages };
}

/** The files that stand for a module: code, types, and the sources that their maps name. */
export function filesOfModule(folder: string, module: string): string[] {
  const files = [`${module}.js`, `${module}.d.ts`];
  const sources = files.flatMap((file) => {
    const map: { sources: string[] } = JSON.parse(readFileSync(join(folder, `${file}.map`), 'utf8'));
    return map.sources.map((source) => join(dirname(file), source));
  });
  return [...files, ...files.map((file) => `${file}.map`), ...sources];
}

function importsOf(module: string): string[] {
  const text = readFileSync(`${module}.js`, 'utf8') + readFileSync(`${module}.d.ts`, 'utf8');
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return [...code.matchAll(IMPORT)].map(([, statement, type = '']) => statement ?? type);
}

function packageOf(imported: string): string {
  return imported.split('/', imported.startsWith('@') ? 2 : 1).join('/');
}
