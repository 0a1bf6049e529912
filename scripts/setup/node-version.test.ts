import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAtLeast, OLDEST_NODE } from './node-version.mjs';
import { ROOT } from './root.mjs';

test('versions compare by number, part by part', () => {
  expect(isAtLeast('20.19.0', '20.19.0')).toBe(true);
  expect(isAtLeast('20.20.0', '20.19.5')).toBe(true);
  expect(isAtLeast('22.0.0', '20.19.0')).toBe(true);
  expect(isAtLeast('20.9.0', '20.19.0')).toBe(false);
  expect(isAtLeast('18.20.8', '20.19.0')).toBe(false);
  expect(isAtLeast('21.0.0-nightly', '20.19.0')).toBe(true);
});

test('the oldest Node is the one package.json names', () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(`>=${OLDEST_NODE}`).toBe(`${engines.node}.0`);
});
