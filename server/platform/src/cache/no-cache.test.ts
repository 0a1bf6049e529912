import { expect, test } from 'vitest';
import { createDashboardCacheManager } from './dashboard-cache-manager.js';
import { dashboardEntry } from './dashboard-entries.js';
import { noCache } from './no-cache.js';

test('without a cache every read is computed anew, also while another one runs', async () => {
  const manager = createDashboardCacheManager(noCache);
  let computed = 0;
  const read = async () =>
    String(await manager.getOrComputeJson(dashboardEntry('parent_children', 1), async () => ++computed));
  expect(await Promise.all([read(), read()])).toEqual(['1', '2']);
  await noCache.evict(['parent_children:1']);
  expect(await read()).toBe('3');
});

test('without a cache the error of a computation reaches its caller, thrown or rejected', async () => {
  const read = (compute: () => unknown) => noCache.getOrCompute({ owner: 'a:1', key: 'a:1', ttlMs: 1, compute });
  await expect(read(() => Promise.reject(new Error('rejected')))).rejects.toThrow('rejected');
  await expect(
    read(() => {
      throw new Error('thrown');
    }),
  ).rejects.toThrow('thrown');
});
