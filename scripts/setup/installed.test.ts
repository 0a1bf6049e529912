import { expect, test } from 'vitest';
import { isInstalled } from './installed.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    server: { version: '0.1.0' },
    'node_modules/@querycast/server': { resolved: 'server', link: true },
    'node_modules/zod': { version: '4.6.0', integrity: 'sha512-a' },
    'node_modules/@biomejs/cli-darwin': { version: '2.6.0', integrity: 'sha512-b', optional: true },
  },
};
const { '': _root, 'node_modules/@biomejs/cli-darwin': _foreign, ...present } = wanted.packages;

const exists = () => true;

test('what npm recorded as installed need not be installed again', () => {
  expect(isInstalled(wanted, { packages: present }, exists)).toBe(true);
});

test('an interrupted installation left no record and is repeated', () => {
  expect(isInstalled(wanted, undefined, exists)).toBe(false);
});

test.each([
  ['missing', { ...present, 'node_modules/zod': undefined }],
  ['of another version', { ...present, 'node_modules/zod': { version: '4.5.0', integrity: 'sha512-a' } }],
  ['of another content', { ...present, 'node_modules/zod': { version: '4.6.0', integrity: 'sha512-x' } }],
  ['no longer a workspace', { ...present, 'node_modules/@querycast/server': { version: '0.1.0' } }],
])('a package that is %s makes the installation stale', (_how, packages) => {
  const record = JSON.parse(JSON.stringify({ packages }));
  expect(isInstalled(wanted, record, exists)).toBe(false);
});

test('a package nobody asked for does no harm', () => {
  expect(isInstalled(wanted, { packages: { ...present, 'node_modules/extra': { version: '1.0.0' } } }, exists)).toBe(
    true,
  );
});

test('a folder that somebody removed makes the installation stale', () => {
  expect(isInstalled(wanted, { packages: present }, (path) => path !== 'node_modules/zod')).toBe(false);
});
