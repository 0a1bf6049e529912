import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../setup/root.mjs';

/** The workspaces that are packed, and the one that they are compiled with. */
const WORKSPACES = ['protocol', 'server', 'web', 'test-servers'];
const NOT_CHECKED_OUT = new Set(['node_modules', 'dist', 'platform']);

/**
 * Makes what a checkout of this repository is after `npm ci --ignore-scripts`, as far as the libraries need it: nothing
 * was compiled there before, so that nothing is packed that only an older build has made. The folder must lie inside the
 * repository, where all other packages are found.
 */
export function makeCheckout(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@querycast'), { recursive: true });
  for (const file of ['package.json', '.npmrc', 'tsconfig.base.json']) cpSync(join(ROOT, file), join(folder, file));
  for (const workspace of WORKSPACES) {
    cpSync(join(ROOT, workspace), join(folder, workspace), {
      recursive: true,
      filter: (path) => !NOT_CHECKED_OUT.has(basename(path)),
    });
    const { name } = JSON.parse(readFileSync(join(folder, workspace, 'package.json'), 'utf8'));
    symlinkSync(join(folder, workspace), join(folder, 'node_modules', name));
  }
}
