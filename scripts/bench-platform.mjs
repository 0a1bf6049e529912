#!/usr/bin/env node
/** `npm run bench:platform`: installs what is missing, then measures the whole platform. Flags: `bench/README.md`. */
import { main } from './process/main.mjs';
import { run } from './process/run.mjs';
import { installMissingServers } from './servers/install.mjs';
import setServerPaths from './servers/test-setup.mjs';
import { installWhenStale } from './setup/install.mjs';
import { requireNode } from './setup/node-version.mjs';
import { ROOT } from './setup/root.mjs';

await main(async () => {
  requireNode();
  // Standard output is for the figures.
  await installWhenStale(ROOT, console.error);
  await installMissingServers(ROOT, console.error);
  await setServerPaths();
  // From its sources, as tests are: no figures of a stale build.
  const flags = ['--expose-gc', '--conditions=querycast-source', '--import', 'tsx'];
  const args = [...flags, 'bench/platform/main.ts', ...process.argv.slice(2)];
  return (await run(process.execPath, args, { cwd: ROOT })).code;
});
