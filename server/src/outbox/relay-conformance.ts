import { describe } from 'vitest';
import { crashesConformance } from './relay-conformance/crashes.js';
import { outagesConformance } from './relay-conformance/outages.js';
import { publishedConformance } from './relay-conformance/published.js';
import { publishingConformance } from './relay-conformance/publishing.js';
import { replayConformance } from './relay-conformance/replay.js';
import { signalsConformance } from './relay-conformance/signals.js';
import { tidyingConformance } from './relay-conformance/tidying.js';
import { wakingConformance } from './relay-conformance/waking.js';
import { wideConformance } from './relay-conformance/wide.js';
import { useShop } from './shop-fixture.test.support.js';
import type { OpenTestDatabase } from './test-database.test.support.js';

/** Defines, with vitest, the tests of what a relay promises on every database. */
export function relayConformance(open: OpenTestDatabase): void {
  const fixture = useShop(open);

  describe('publishing', () => publishingConformance(fixture));
  describe('crashes', () => crashesConformance(fixture));
  describe('signals', () => signalsConformance(fixture));
  describe('outages', () => outagesConformance(fixture));
  describe('replay', () => replayConformance(fixture));
  describe('tidying', () => tidyingConformance(fixture));
  describe('waking', () => wakingConformance(fixture));
  describe('telling what was published', () => publishedConformance(fixture));
  describe('many rooms at once', () => wideConformance(fixture));
}
