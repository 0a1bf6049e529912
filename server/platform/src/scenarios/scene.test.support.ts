import { afterAll, beforeAll } from 'vitest';
import { connectEverybody, type Everybody } from '../testing/everybody.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

/** The platform of the test file that has called {@link setScene}; there from `beforeAll` on. */
export let platform: TestPlatform;
/** Everybody on it. */
export let everybody: Everybody;

/** Gives the tests of a file a platform with everybody connected to it, and takes it away after them. */
export function setScene(options?: Parameters<typeof startTestPlatform>[1]): void {
  beforeAll(async () => {
    platform = await startTestPlatform({}, options);
    everybody = await connectEverybody(platform);
  }, START_TIMEOUT_MS);
  afterAll(() => platform.remove());
}
