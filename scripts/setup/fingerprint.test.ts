import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprint } from './fingerprint.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  mkdirSync(join(root, 'src', 'dist'), { recursive: true });
  writeFileSync(join(root, 'src', 'a.ts'), 'one');
});
afterEach(() => rmSync(root, { recursive: true }));

const now = () => fingerprint(root, ['src', 'absent.json']);

test('a changed, a new, a renamed and a removed file change the fingerprint', () => {
  const seen = new Set([now()]);
  writeFileSync(join(root, 'src', 'a.ts'), 'two');
  seen.add(now());
  writeFileSync(join(root, 'src', 'b.ts'), 'three');
  seen.add(now());
  renameSync(join(root, 'src', 'b.ts'), join(root, 'src', 'c.ts'));
  seen.add(now());
  rmSync(join(root, 'src', 'a.ts'));
  seen.add(now());
  writeFileSync(join(root, 'absent.json'), '');
  seen.add(now());
  expect(seen.size).toBe(6);
});

test('results, tests and times do not change the fingerprint', () => {
  const before = now();
  writeFileSync(join(root, 'src', 'dist', 'a.js'), 'built');
  writeFileSync(join(root, 'src', 'a.test.ts'), 'test');
  writeFileSync(join(root, 'src', 'a.ts'), 'one');
  expect(now()).toBe(before);
});
