import { eq } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { studentProfiles } from '../db/schema.js';
import { createDistributedPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform } from '../testing/test-platform.js';
import { connectDemo } from './demo-client.test.support.js';

test(
  'whoever watches on one node hears what the relay of the other made travel, until they log out on it',
  async () => {
    const place = await createDistributedPlace();
    const [a, b] = await Promise.all([startTestPlatform({}, {}, place), startTestPlatform({}, {}, place)]);
    onTestFinished(async () => {
      await Promise.all([a.close(), b.close()]);
      await place.remove();
    });
    const { token, cookie } = await a.logIn('parent@demo.test');
    const trail = await connectDemo(b.url, token, 'trail');
    onTestFinished(() => void trail.socket.close());
    await b.parts.relay.close();
    await a.parts.db.update(studentProfiles).set({ goal: 'On A' }).where(eq(studentProfiles.userId, 3));
    const { changes, rooms } = await trail.travels.next();
    expect(changes).toEqual([{ source: 'student_profiles', operation: 'update', row: { user_id: 3 } }]);
    expect(rooms.map(({ room }) => room)).toContain('parent:1');

    // And no more once logged out, wherever that was.
    const cut = new Promise((resolve) => trail.socket.once('disconnect', resolve));
    await a.call('/api/auth/logout', { method: 'POST', token, cookie });
    expect(await cut).toBe('transport close');
  },
  START_TIMEOUT_MS,
);
