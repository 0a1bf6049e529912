import { expect, test } from 'vitest';
import { parseRedisUrl, RedisAddressError } from './redis-target.js';

test('an address is a host and a port, and what else it names', () => {
  expect(parseRedisUrl('redis://cache')).toEqual({ host: 'cache', port: 6_379 });
  expect(parseRedisUrl('redis://cache', 26_379)).toEqual({ host: 'cache', port: 26_379 });
  expect(parseRedisUrl('redis://[::1]:7000/')).toEqual({ host: '::1', port: 7_000 });
  expect(parseRedisUrl('rediss://app:p%40ss%3A@db.example:7000/3')).toEqual({
    host: 'db.example',
    port: 7_000,
    username: 'app',
    password: 'p@ss:',
    db: 3,
    tls: {},
  });
  expect(parseRedisUrl('redis://:secret@cache')).toEqual({ host: 'cache', port: 6_379, password: 'secret' });
});

test.each([
  'localhost:6379',
  'http://:hunter2@cache',
  'redis://:hunter2@',
  'redis://:hunter2@cache/name',
  'redis://:hunter2@cache:port',
  'redis://:hunter2%ZZ@cache',
  '',
])('what is none is refused without quoting it: %s', (text) => {
  const refusal = refusalOf(text);
  expect(refusal).toBeInstanceOf(RedisAddressError);
  expect(refusal).toMatchObject({ code: 'redis_address' });
  expect(String(refusal)).not.toContain('hunter2');
});

function refusalOf(text: string): unknown {
  try {
    return parseRedisUrl(text);
  } catch (error) {
    return error;
  }
}
