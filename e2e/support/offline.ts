import type { Ready } from '@querycast/protocol';
import { expect } from 'playwright/test';
import type { FaultProxy } from './fault-proxy.js';
import { liveIndicator } from './sign-in.js';
import type { Visitor } from './test.js';

/** Takes the network away: requests fail, and the proxy breaks the open socket. Waits until the page has noticed. */
export async function goOffline({ page }: Visitor, proxy: FaultProxy): Promise<void> {
  await page.context().setOffline(true);
  proxy.cut();
  await expect(liveIndicator(page)).not.toHaveText('Live');
}

/** Gives it back. */
export async function goOnline({ page }: Visitor, proxy: FaultProxy): Promise<void> {
  proxy.mend();
  await page.context().setOffline(false);
}

/** The rows of all `ready` frames since `from`, a length of `wire.frames` noted earlier. */
export function readyRows(visitor: Visitor, from: number): Ready['rooms'] {
  return visitor.wire.framesOf('ready', from).flatMap((frame) => frame.message.rooms as Ready['rooms']);
}
