import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageBin } from '../process/package-bin.mjs';
import { ROOT } from '../setup/root.mjs';

/** How a project resolves imports: as Node does, or as bundlers do. */
export const RESOLUTIONS = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
] as const;

/**
 * Checks everything that the entry points export, with all their declaration files, and further files of an app. Answers
 * what the compiler says: nothing when all is well.
 */
export function typeErrors(
  app: string,
  { entries, files = [], options }: { entries: readonly string[]; files?: readonly string[]; options: object },
): string {
  const lines = entries.map((entry, index) => `export * as entry${index} from '${entry}';\n`);
  const [source, config] = [join(app, 'entries.mts'), join(app, 'tsconfig.entries.json')];
  const compilerOptions = {
    ...{ target: 'es2023', lib: ['ES2023', 'DOM', 'DOM.Iterable'], jsx: 'react-jsx', strict: true, noEmit: true },
    ...{ allowJs: true, checkJs: true, maxNodeModuleJsDepth: 0, skipLibCheck: false, types: [], ...options },
  };
  writeFileSync(source, lines.join(''));
  writeFileSync(config, JSON.stringify({ compilerOptions, files: [source, ...files] }));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [packageBin(ROOT, 'typescript', 'tsc'), '-p', config],
    {
      cwd: app,
      encoding: 'utf8',
    },
  );
  rmSync(source);
  rmSync(config);
  return status === 0 ? '' : `tsc ended with ${status}:\n${stdout}${stderr}`;
}
