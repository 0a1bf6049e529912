import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError, readConfig, variableNames } from '../../../server/platform/src/config.js';
import { fuzz, TIMEOUT_MS } from '../run/fuzz.js';
import { nastyText } from '../values/nasty.js';

/** What somebody might write, right and wrong. */
const value = fc.oneof(
  nastyText,
  fc.constantFrom('0', '3000', '65535', '65536', '1e3', '0x10', ' 80 ', '-1', 'true', 'false', 'yes', 'info', 'silent'),
  fc.constantFrom(
    'redis://127.0.0.1:6379',
    'rediss://u:p@h:1/0',
    'postgres://u:p@h/d',
    'postgresql://[::1]:5432/x',
    '//',
    'a:b',
  ),
  fc.constantFrom(
    'https://app.example.org',
    'https://a.example/path',
    'http://a,http://b',
    '*',
    'null',
    'javascript:alert(1)',
  ),
  fc.constantFrom('h1:26379,h2:26379', 'redis://a,redis://b', 'x'.repeat(100_000)),
);

const names = fc.constantFrom(...variableNames, '__proto__', 'constructor', 'PATH');

test(
  'the configuration is read, or refused by the names of its variables and never by a value',
  async () => {
    await fuzz({
      door: 'configuration',
      seed: 105,
      share: 0.25,
      input: fc.array(fc.tuple(names, value), { maxLength: 8 }).map((entries) => Object.fromEntries(entries)),
      judge(environment) {
        try {
          const config = readConfig(environment);
          expect(Object.isFrozen(config)).toBe(true);
          expect(config.port).toBeGreaterThanOrEqual(0);
          expect(config.port).toBeLessThanOrEqual(65_535);
          return 'read';
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.problems).not.toEqual([]);
          for (const { variable, message } of error.problems) {
            expect(variableNames).toContain(variable);
            const given = environment[variable];
            if (given !== undefined && given.length > 12) expect(message).not.toContain(given);
          }
          return 'refused';
        }
      },
    });
  },
  TIMEOUT_MS,
);
