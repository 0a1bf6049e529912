#!/usr/bin/env node
/** `npm start`: installs and builds what is missing or stale, then runs the platform in this terminal. */
import { join } from 'node:path';
import { main } from './process/main.mjs';
import { run } from './process/run.mjs';
import { buildWhenStale, SERVER_ENTRY } from './setup/build.mjs';
import { installWhenStale } from './setup/install.mjs';
import { requireNode } from './setup/node-version.mjs';
import { ROOT } from './setup/root.mjs';

await main(async () => {
  const say = console.log;
  requireNode();
  await installWhenStale(ROOT, say);
  await buildWhenStale(ROOT, say);

  // In the folder of the caller, so that a relative DATA_DIR means what it says.
  const server = await run(process.execPath, ['--enable-source-maps', join(ROOT, SERVER_ENTRY)], {
    cwd: process.cwd(),
    env: { NODE_ENV: 'production', ...process.env },
  });
  return server.code;
});
