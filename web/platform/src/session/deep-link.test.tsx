import { expect, test } from 'vitest';
import { deepLinkTo, pathAfterLogin } from './deep-link.js';

const OLGA = 1;
const IVAN = 2;

test('who opens an address logged out comes there, whoever it is', () => {
  const link = deepLinkTo('/children/3?week=2#plans', 'anybody');
  expect(pathAfterLogin(link, OLGA)).toBe('/children/3?week=2#plans');
});

test('where a session ended by itself its person goes on, and nobody else', () => {
  const link = deepLinkTo('/children/3', OLGA);
  expect(pathAfterLogin(link, OLGA)).toBe('/children/3');
  expect(pathAfterLogin(link, IVAN)).toBeUndefined();
});

test('after a log-out everybody begins at home', () => {
  expect(deepLinkTo('/children/3', 'nobody')).toBeUndefined();
  expect(pathAfterLogin(undefined, OLGA)).toBeUndefined();
});

test.each(['//evil.test/', '/\\evil.test', '/\t/evil.test', 'https://evil.test/', 'javascript:alert(1)', 'evil', ''])(
  'what leads elsewhere is not followed: %s',
  (path) => {
    expect(deepLinkTo(path, 'anybody')).toBeUndefined();
    expect(pathAfterLogin({ path }, OLGA)).toBeUndefined();
  },
);
