import { expect } from 'playwright/test';
import { logIn, PEOPLE } from './api.js';
import { untilLoaded } from './person.js';
import type { PlatformProcess } from './platform-process.js';
import { connectRaw, type RawClient } from './raw-client.js';
import { untilLive } from './sign-in.js';
import type { Stack } from './stack.js';
import type { Visitor } from './test.js';

/** Ways through the load balancer to try; each leads to either node. */
const MOST_RELOADS = 20;

/** The name of the node that a page's socket is on. */
export function nodeOf({ wire }: Visitor): string {
  const ready = wire.framesOf('ready').at(-1);
  if (!ready) throw new Error('the page has no socket yet');
  return String(ready.message['node']);
}

/** Reloads until the load balancer has led the page's socket to another node than `other`. */
export async function moveApart(visitor: Visitor, other: string): Promise<void> {
  const { page, wire } = visitor;
  for (let reloads = 0; nodeOf(visitor) === other; reloads += 1) {
    if (reloads === MOST_RELOADS) throw new Error('the load balancer leads to one node only');
    const readies = wire.framesOf('ready').length;
    // Every second time: loads of an even number of requests each would all lead to the same node.
    if (reloads % 2 === 1) await page.request.get(new URL('/healthz', page.url()).href);
    await page.reload();
    await expect.poll(() => wire.framesOf('ready').length).toBeGreaterThan(readies);
    await untilLive(page);
  }
  // Its first requests are part of the reload; not in between, or every load would take the balancer round alike.
  await untilLoaded(visitor);
}

/** The process whose node has this name. */
export async function processOf({ nodes }: Stack, name: string): Promise<PlatformProcess> {
  for (const node of nodes) {
    const { token } = (await logIn(node.url, PEOPLE.ivan)).login;
    const client = await connectedTo(node.url, token);
    const { message } = await client.next();
    client.close();
    if (message['node'] === name) return node;
  }
  throw new Error(`no process has the node ${name}`);
}

/** Connects a raw client that must not be refused. */
export async function connectedTo(url: string, token: string): Promise<RawClient> {
  const result = await connectRaw(url, { protocol: 1, token });
  if ('refusal' in result) throw new Error(`refused: ${result.refusal.code}`);
  return result.client;
}
