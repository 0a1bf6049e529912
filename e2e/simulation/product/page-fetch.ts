import type { Process } from '../chance/virtual-time.js';
import type { Item } from '../model/database.js';
import { createPipe, type Weather } from '../model/pipe.js';
import type { ModelTools } from '../model/redis-server.js';
import type { Answer, Node } from './node.js';

/** Requests that the process of a node has not answered yet: they break off with it. */
export type Underway = Map<Process, Set<() => void>>;

/** How a page reaches the API. */
export interface FetchOptions {
  readonly tools: ModelTools;
  readonly page: Process;
  readonly user: string;
  readonly weather: Weather;
  readonly route: () => Node | undefined;
  readonly underway: Underway;
  /** A request of a page begins; answers what to call when it ends. */
  readonly began: (url: string) => () => void;
}

/** The reverse proxy in front of the API gives up after so long. */
const TIMEOUT_MS = 10_000;

/** A request has its answer or fails. */
const EXACT = { isExact: true };

/** A `fetch` over the model's network; urls are `/<room>/<key>`. */
export function createPageFetch({ tools, page, user, weather, route, underway, began }: FetchOptions): typeof fetch {
  const { time, random } = tools;

  async function request(input: unknown, init: RequestInit = {}): Promise<Response> {
    const url = String(input);
    const [, room = '', key = ''] = url.split('/');
    const item = { room, key } as Item;
    const node = route();
    const ended = began(url);
    const up = createPipe({ time, random, weather, to: node?.process ?? page });
    const down = createPipe({ time, random, weather, to: page });
    let forget = () => {};
    try {
      return await new Promise<Response>((resolve, reject) => {
        const fail = () => reject(new TypeError('Failed to fetch'));
        init.signal?.addEventListener('abort', () => {
          // At once: the fetch that takes its place begins before promises settle.
          ended();
          reject(new DOMException('aborted', 'AbortError'));
        });
        const cancelTimeout = time.after(TIMEOUT_MS, fail, page);
        forget = cancelTimeout;
        if (!node || weather.isCut) {
          time.after(1, fail, page);
          return;
        }
        const breakOff = () => void time.after(random.between(0.1, 5), fail, page);
        const present = underway.get(node.process) ?? new Set();
        underway.set(node.process, present.add(breakOff));
        forget = () => {
          cancelTimeout();
          present.delete(breakOff);
        };
        up.send(() => {
          node.handle(user, item).then(
            (answer) => down.send(() => resolve(responseOf(answer)), EXACT),
            () => down.send(() => resolve({ ok: false, headers: new Headers() } as Response), EXACT),
          );
        }, EXACT);
      });
    } finally {
      forget();
      up.close();
      down.close();
      ended();
    }
  }
  return request as typeof fetch;
}

/** As much of a response as the product looks at: a real one reads its body at its own time. */
function responseOf({ headers, version }: Answer): Response {
  return { ok: true, headers: { get: (name: string) => headers[name] ?? null }, json: async () => version } as never;
}
