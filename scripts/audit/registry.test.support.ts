import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A registry on a free port, for npm to ask. */
export interface FakeRegistry {
  readonly url: string;
  /** The versions that npm asked about, by package. */
  readonly asked: Record<string, string[]>;
  close(): Promise<void>;
}

/** How a registry answers the question for advisories: with JSON, with a bare status, with a page, or not at all. */
export type RegistryAnswer =
  | { readonly json: unknown }
  | { readonly status: number }
  | { readonly page: string }
  | 'nothing';

const BULK = '/-/npm/v1/security/advisories/bulk';

/** Where npm 10 asks again, about all that is installed, when the first question had no answer. */
const QUICK = '/-/npm/v1/security/audits/quick';

/** Starts one. It has no packages, as far as npm can see. */
export async function startRegistry(answer: RegistryAnswer): Promise<FakeRegistry> {
  const asked: Record<string, string[]> = {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url !== BULK && request.url !== QUICK) return response.writeHead(404).end();
    const body = Buffer.concat(chunks);
    const isPacked = request.headers['content-encoding'] === 'gzip';
    if (request.url === BULK) Object.assign(asked, JSON.parse(String(isPacked ? gunzipSync(body) : body)));
    if (answer === 'nothing') return;
    if ('status' in answer) return response.writeHead(answer.status).end();
    if ('page' in answer) return response.end(answer.page);
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer.json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
