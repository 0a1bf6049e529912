#!/usr/bin/env node
/** `npm run bench:<name>`: installs what is missing, then runs a benchmark. Names and flags: `bench/README.md`. */
import { main } from './process/main.mjs';
import { run } from './process/run.mjs';
import { installMissingServers } from './servers/install.mjs';
import setServerPaths from './servers/test-setup.mjs';
import { installWhenStale } from './setup/install.mjs';
import { requireNode } from './setup/node-version.mjs';
import { ROOT } from './setup/root.mjs';

await main(async () => {
  const [name, ...options] = process.argv.slice(2);
  requireNode();
  // Standard output is for the figures.
  await installWhenStale(ROOT, console.error);
  await installMissingServers(ROOT, console.error);
  await setServerPaths();
  // From its sources, as tests are: no figures of a stale build.
  const flags = ['--expose-gc', '--conditions=querycast-source', '--import', 'tsx'];
  return (await run(process.execPath, [...flags, `bench/${name}/main.ts`, ...options], { cwd: ROOT })).code;
});
