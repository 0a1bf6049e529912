import { gzipSync } from 'node:zlib';
import { comeIn } from '../support/person.js';
import { expect, test } from '../support/test.js';

test.use({ platform: 'shared' });

const BUDGET_BYTES = 200_000;

test("the first load of a parent's dashboard costs at most 200 kB of script, compressed", async ({ stack, visit }) => {
  const visitor = await visit();
  const scripts: Promise<number>[] = [];
  visitor.page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    scripts.push(response.body().then((body) => gzipSync(body).byteLength));
  });
  await comeIn(visitor, stack.url, 'olga');
  const sizes = await Promise.all(scripts);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(100_000);
  expect(total).toBeLessThanOrEqual(BUDGET_BYTES);
});
