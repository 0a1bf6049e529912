import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npx vite` finds the API while one works on the pages. */
const apiOrigin = process.env.API_ORIGIN ?? 'http://localhost:3000';

export default defineConfig({
  plugins: [react()],
  // Workspace packages resolve to their sources: no build of theirs is needed, and none can be stale.
  resolve: { conditions: ['querycast-source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2023',
    // The content security policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Frameworks change less often than pages: they stay in the browser's cache when a new version is installed.
        codeSplitting: {
          groups: [{ name: 'framework', test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// }],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': apiOrigin,
      '/v1': apiOrigin,
      '/socket.io': { target: apiOrigin, ws: true },
      '/demo/hand-written': { target: apiOrigin, ws: true },
    },
  },
});
