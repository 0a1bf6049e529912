import { expect, test } from 'vitest';
import { OUTBOX_CHANNEL } from '../outbox-table.js';
import type { ShopFixture } from '../shop-fixture.test.support.js';

/** What makes a relay look, and what no longer does. */
export function wakingConformance(fixture: ShopFixture): void {
  test('a commit wakes the relay through the notification, without a poll', async () => {
    const { shop, db } = fixture;
    let left: () => void = () => {};
    const heard = new Promise<void>((resolve) => {
      left = resolve;
    });
    const relay = shop.relay({
      listen: (onWake) => db.listen(OUTBOX_CHANNEL, onWake),
      publisher: {
        async invalidate(...args) {
          const published = await shop.publisher.invalidate(...args);
          left();
          return published;
        },
      },
    });
    await relay.start();
    await relay.settled();
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await heard;
    expect(shop.heard).toHaveLength(1);
  });

  test('a commit that comes just before the relay listens is found by its first look', async () => {
    const { shop, db } = fixture;
    let left: () => void = () => {};
    const heard = new Promise<void>((resolve) => {
      left = resolve;
    });
    const relay = shop.relay({
      async listen() {
        // Time enough for a look that did not wait for the listening.
        for (let turn = 0; turn < 10; turn += 1) await db.query('SELECT 1');
        await db.exec('INSERT INTO orders VALUES (1, 1)');
        return () => {};
      },
      publisher: {
        async invalidate(...args) {
          left();
          return shop.publisher.invalidate(...args);
        },
      },
    });
    await relay.start();
    await heard;
  }, 10_000);

  test('closing finishes the work in hand, and wakes nothing afterwards', async () => {
    const { shop, db, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relay = shop.relay({ listen: (onWake) => db.listen(OUTBOX_CHANNEL, onWake) });
    await relay.start();
    await Promise.all([relay.close(), relay.close()]);
    expect(await rows()).toMatchObject([{ published_at: expect.any(Date) }]);
    await db.exec('INSERT INTO orders VALUES (2, 1)');
    relay.wake();
    await relay.settled();
    expect(shop.heard).toHaveLength(1);
  });
}
