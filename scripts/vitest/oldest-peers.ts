import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';

/** What an application brings along itself, with all entry points. */
const PEERS = /^(react|react-dom|@tanstack\/react-query|socket\.io-client)(\/|$)/;

/** Any file of the workspace whose dependencies are the oldest versions. */
const IMPORTER = fileURLToPath(new URL('../../oldest-peers/package.json', import.meta.url));

/**
 * Lets the tests of `@querycast/react` run on the oldest versions of its peers. It sees only what Vite transforms: a
 * library that imports a peer of its own must be inlined.
 */
export function oldestPeers(): Plugin {
  return {
    name: 'oldest-peers',
    enforce: 'pre',
    resolveId(source, _importer, options) {
      return PEERS.test(source) ? this.resolve(source, IMPORTER, { ...options, skipSelf: true }) : undefined;
    },
  };
}
