import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../setup/root.mjs';
import { makeCheckout } from './checkout.js';
import { codeOf, commandsOf } from './readme-steps.js';
import { runShell } from './shell.js';

/** What somebody has who did what the README says under "Add it to your app". */
export interface FreshApps {
  /** The checkout in which the libraries were packed. */
  readonly checkout: string;
  /** The Express app. */
  readonly shop: string;
  /** The Vite app. */
  readonly web: string;
  /** Removes everything. */
  remove(): void;
}

/** Follows the README outside the repository; `backendPort` stands for its 3000. */
export async function makeFreshApps(backendPort: number): Promise<FreshApps> {
  const folder = mkdtempSync(join(tmpdir(), 'querycast-packages-'));
  const checkout = join(ROOT, '.cache', `packages-${process.pid}`);
  const remove = () => {
    for (const made of [folder, checkout]) rmSync(made, { recursive: true, force: true });
  };
  try {
    return { checkout, ...(await followReadme(folder, checkout, backendPort)), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function followReadme(folder: string, checkout: string, backendPort: number) {
  makeCheckout(checkout);
  symlinkSync(checkout, join(folder, 'querycast'));
  await runShell(afterInstallation(commandsOf('pack')), checkout);

  await runShell(commandsOf('backend'), folder);
  const shop = join(folder, 'shop');
  writeFileSync(join(shop, 'backend.mjs'), codeOf('ts', 'backend'));

  await runShell(commandsOf('frontend'), folder);
  const web = join(folder, 'shop-web');
  const proxy = codeOf('ts', 'vite').replace('127.0.0.1:3000', `127.0.0.1:${backendPort}`);
  writeFileSync(join(web, 'src/App.tsx'), codeOf('tsx', 'react'));
  writeFileSync(join(web, 'vite.config.ts'), proxy);
  return { shop, web };
}

/** The installation itself is what the checkout stands for. */
function afterInstallation(commands: string): string {
  const [first, ...others] = commands.split('\n');
  if (first !== 'npm ci --ignore-scripts') throw new Error(`the README begins with "${first}"`);
  return others.join('\n');
}
