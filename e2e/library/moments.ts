import type { Page } from 'playwright/test';

/** When a page received frames and sent requests, in milliseconds of one clock of the browser's. */
export interface Moments {
  /** Of every `invalidate`. */
  readonly framesAt: readonly number[];
  /** Of the fetches of each counter. */
  readonly fetchesAt: ReadonlyMap<string, readonly number[]>;
}

/** Records what a page receives and sends from now on, as its own developer tools would. */
export async function recordMoments(page: Page): Promise<Moments> {
  const session = await page.context().newCDPSession(page);
  const framesAt: number[] = [];
  const fetchesAt = new Map<string, number[]>();
  session.on('Network.webSocketFrameReceived', ({ timestamp, response }) => {
    if (response.payloadData.startsWith('42["invalidate"')) framesAt.push(timestamp * 1_000);
  });
  session.on('Network.requestWillBeSent', ({ timestamp, request }) => {
    const name = /\/api\/counters\/(\w+)$/.exec(request.url)?.[1];
    if (name) fetchesAt.set(name, [...(fetchesAt.get(name) ?? []), timestamp * 1_000]);
  });
  await session.send('Network.enable');
  return { framesAt, fetchesAt };
}
