import { defineConfig } from 'vitest/config';
import { oldestPeers } from './scripts/vitest/oldest-peers.ts';
import { patched } from './scripts/vitest/patched.ts';

/** Workspace packages resolve to their sources, so that tests never run against a stale build. */
const conditions = ['querycast-source'];

/** Tells tests which peers they run on. */
const OLDEST_PEERS = { QUERYCAST_PEERS: 'oldest' };

export default defineConfig({
  resolve: { conditions: [...conditions, 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
  test: {
    // One core stays free by default, which on two cores leaves one; nothing else runs beside the tests.
    maxWorkers: '100%',
    // Of a test that hangs: a slow machine may take its time. What the product promises stands in the tests, as 2 s or 5 s.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    setupFiles: './scripts/vitest/patience.ts',
    pool: 'threads',
    projects: [
      { extends: true, test: { name: 'protocol', include: ['protocol/**/src/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['server/src/**/*.test.ts'],
          exclude: ['**/*.{redis,pg,nginx,pglite}.test.ts'],
        },
      },
      // Each starts a PGlite of its own: too slow for `npm run check`.
      { extends: true, test: { name: 'pglite', include: ['server/src/**/*.pglite.test.ts'] } },
      // Real Redis and PostgreSQL servers: too slow for `npm run check`, and not on every machine.
      {
        extends: true,
        test: {
          name: 'servers',
          include: [
            '{{server,server/platform,test-servers}/src,e2e/simulation,scripts,bench}/**/*.{redis,pg,nginx}.test.ts',
          ],
          globalSetup: './scripts/servers/test-setup.mjs',
        },
      },
      // Each starts a database and a server of its own: too slow for `npm run check`.
      {
        extends: true,
        test: {
          name: 'platform',
          include: ['server/platform/src/**/*.test.ts'],
          exclude: ['**/*.{redis,pg,nginx,distributed,oracle}.test.ts'],
        },
      },
      // The same tests on PostgreSQL and Redis, and those of several nodes.
      {
        extends: true,
        test: {
          name: 'platform-distributed',
          include: ['server/platform/src/**/*.test.ts'],
          exclude: ['**/*.{redis,pg,nginx,embedded,oracle}.test.ts'],
          globalSetup: ['./scripts/servers/test-setup.mjs', './server/platform/src/testing/distributed-setup.ts'],
        },
      },
      // Random writes against the whole platform on both databases: takes minutes.
      {
        extends: true,
        test: {
          name: 'oracle',
          include: ['server/platform/src/**/*.oracle.test.ts'],
          globalSetup: ['./scripts/servers/test-setup.mjs', './server/platform/src/testing/distributed-setup.ts'],
        },
      },
      // Breaks everything that can break under 200 pages: takes minutes.
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['e2e/chaos/**/*.test.ts'],
          globalSetup: './scripts/servers/test-setup.mjs',
          hookTimeout: 120_000,
        },
      },
      // Random faults against the whole chain in virtual time, and mistakes that it must notice: takes both cores.
      {
        extends: true,
        test: {
          name: 'simulation',
          // Each file takes both cores by itself.
          fileParallelism: false,
          include: ['e2e/{simulation,model}/**/*.test.ts'],
          exclude: ['**/*.{redis,pg,nginx}.test.ts'],
        },
      },
      // Twenty thousand hostile inputs at every door: takes both cores for a minute.
      {
        extends: true,
        plugins: [patched(process.env['FUZZ_MUTANT'])],
        test: {
          name: 'fuzz',
          include: ['e2e/fuzz/**/*.test.ts'],
          globalSetup: './scripts/servers/test-setup.mjs',
        },
      },
      { extends: true, test: { name: 'web', include: ['web/**/src/**/*.test.ts'] } },
      { extends: true, test: { name: 'react', include: ['web/**/src/**/*.test.tsx'], environment: 'jsdom' } },
      // The same tests on the oldest peers that the library admits. What is bundled or published is no matter of them.
      {
        extends: true,
        plugins: [oldestPeers()],
        test: {
          name: 'web-oldest',
          include: ['web/src/**/*.test.ts'],
          exclude: ['web/src/index.test.ts', 'web/src/compat/{published,tree-shaking}.test.ts'],
          env: OLDEST_PEERS,
        },
      },
      {
        extends: true,
        plugins: [oldestPeers()],
        // The form of a library that Vite transforms, with imports that can be resolved otherwise.
        resolve: { mainFields: ['module', 'main'] },
        test: {
          name: 'react-oldest',
          include: ['web/src/**/*.test.tsx'],
          environment: 'jsdom',
          env: OLDEST_PEERS,
          server: { deps: { inline: ['@testing-library/react'] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'scripts',
          include: ['scripts/**/*.test.ts', 'docs/**/*.test.ts', 'e2e/written/*.test.ts'],
          exclude: ['**/*.{image,redis,pg,nginx}.test.ts'],
        },
      },
      // Installs and builds everything anew, as an image does.
      {
        extends: true,
        test: { name: 'image', include: ['scripts/**/*.image.test.ts'], testTimeout: 60_000 },
      },
    ],
  },
});
