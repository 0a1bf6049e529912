import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { liveReads } from './dashboards/live-reads.js';

const ROOT = new URL('../../../', import.meta.url);
const SOURCES = new URL('./', import.meta.url);
const MAPPING = readFileSync(new URL('docs/guide-mapping.md', ROOT), 'utf8');

const files = [...MAPPING.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, file = '']) => file);

test.each([...new Set(files)])('the file %s that the mapping of the guide names is there', (file) => {
  expect([new URL(file, SOURCES), new URL(file, ROOT)].some((url) => existsSync(url))).toBe(true);
});

test('the mapping of the guide names every endpoint, key and pattern of a live read', () => {
  for (const { endpoint, root, entry } of liveReads) {
    expect(MAPPING).toContain(`\`${endpoint}\``);
    expect(MAPPING).toContain(`['${root}'`);
    const { owner, key } = entry(1, 2);
    expect(MAPPING).toContain(`\`${owner.slice(0, owner.indexOf(':'))}:{`);
    const [name] = key.slice(owner.length + 1).split(':');
    if (name && name !== '2') expect(MAPPING).toContain(`:${name}`);
  }
});
