import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.js';

function problemsOf(environment: Record<string, string>): unknown {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('an empty environment gives the embedded defaults', () => {
  expect(readConfig({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    dataDir: '.data',
    allowedOrigins: [],
    demoData: true,
    logLevel: 'info',
  });
});

test('every bad variable is named at once, once each, and no value is repeated', () => {
  const secret = 'short-secret';
  const problems = problemsOf({
    PORT: '99999',
    HOST: 'a b',
    AUTH_SECRET: secret,
    PUBLISH_TOKEN: 'a-tökén-long-enough',
    ALLOWED_ORIGINS: 'https://a.example/path',
    DEMO_DATA: 'maybe',
    LOG_LEVEL: 'loud',
  });
  expect(problems).toEqual([
    { variable: 'PORT', message: expect.stringContaining('0 to 65535') },
    { variable: 'HOST', message: expect.stringContaining('host name') },
    { variable: 'AUTH_SECRET', message: 'must have at least 32 characters' },
    { variable: 'PUBLISH_TOKEN', message: expect.stringContaining('ASCII') },
    { variable: 'ALLOWED_ORIGINS', message: expect.stringContaining('origins') },
    { variable: 'DEMO_DATA', message: 'must be true or false' },
    { variable: 'LOG_LEVEL', message: expect.stringContaining('must be one of') },
  ]);
  expect(JSON.stringify(problems)).not.toContain(secret);
});

test.each(['-1', '1.5', '0x10', 'http', '65536', ' 80'])('PORT %j is refused', (port) => {
  expect(problemsOf({ PORT: port })).toHaveLength(1);
});

test('values are read as they are meant', () => {
  const config = readConfig({
    PORT: '0',
    DEMO_DATA: '0',
    ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173,',
    AUTH_SECRET: 'x'.repeat(32),
  });
  expect(config).toMatchObject({
    port: 0,
    demoData: false,
    allowedOrigins: ['https://a.example', 'http://localhost:5173'],
    authSecret: 'x'.repeat(32),
  });
});

test('a variable that is set but empty counts as absent', () => {
  expect(readConfig({ PORT: '', AUTH_SECRET: ' ' })).not.toHaveProperty('authSecret');
});

test('the result cannot be changed', () => {
  const config = readConfig({});
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
});
