import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';
import { HttpError } from './errors.js';

/** Where the pages are built to, seen from `src` and from `dist` alike. */
export const PAGES_FOLDER = fileURLToPath(new URL('../../../../web/platform/dist', import.meta.url));

/**
 * Serves the built pages: files whose names carry a hash for ever, `index.html` always checked. A GET for a page that is
 * no file gets `index.html`, which finds its way by the address; everything else falls through.
 */
export function pages(folder: string): RequestHandler {
  const router = Router();
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false }));
  router.use(express.static(folder, { maxAge: 0, index: false }));
  router.get('/{*path}', (request, response, next) => {
    if (!request.accepts('html') || request.path.startsWith('/assets/') || request.path.startsWith('/api/'))
      return next();
    response.set('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: folder, cacheControl: false }, (error?: Error) => {
      if (error && !response.headersSent) next(missingPages(error));
    });
  });
  return router;
}

function missingPages(error: Error): Error {
  if (!('code' in error) || error.code !== 'ENOENT') return error;
  return new HttpError(503, 'pages_missing', 'The pages are not built: run "npm run build".');
}
