import { expect } from 'playwright/test';
import { logIn, publish } from './api.js';
import type { WireRecord } from './wire-record.js';

/** A key that no page asks for. */
const MARKER = ['end-of-the-test'];

/**
 * Publishes a last invalidation to a person's room and waits until the page has it. A room's frames arrive in order, and a
 * fetch begins with its frame: whatever should not have come would be there by then. The marker must come alone, because
 * the gateway could have merged it with a frame too many.
 */
export async function untilMarker(url: string, email: string, wire: WireRecord): Promise<void> {
  const { user } = (await logIn(url, email)).login;
  const from = wire.frames.length;
  await publish(url, { rooms: [`${user.role}:${user.id}`], keys: [MARKER] });
  await expect.poll(() => wire.framesOf('invalidate', from).map(({ message }) => message['keys'])).toEqual([[MARKER]]);
}
