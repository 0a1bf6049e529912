import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../config.js';
import { LIMIT_VARIABLES } from './limits.js';

const names = Object.keys(LIMIT_VARIABLES);

test("a limit that is set is the gateway's, and the others are left to it", () => {
  expect(readConfig({ MAX_CONNECTIONS_PER_USER: '20', HANDSHAKE_TIMEOUT_MS: '1000' }).limits).toEqual({
    connectionsPerUser: 20,
    handshakeTimeoutMs: 1_000,
  });
  expect(readConfig({ MAX_CONNECTIONS_PER_USER: '' })).not.toHaveProperty('limits');
});

test.each(['0', '-1', '1.5', '1000001', '10000000', '1e3', 'none', 'Infinity'])(
  'a limit of %s is refused by name',
  (value) => {
    try {
      readConfig(Object.fromEntries(names.map((name) => [name, value])));
      expect.unreachable();
    } catch (error) {
      const problems = error instanceof ConfigError ? error.problems : [];
      expect(problems.map(({ variable }) => variable)).toEqual(names);
    }
  },
);

test('README and the document for operators say the same of each', () => {
  const read = (name: string) => readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');
  const readme = read('README.md');
  const operations = read('docs/operations.md');
  for (const [variable, limit] of Object.entries(LIMIT_VARIABLES)) {
    const [, value] = new RegExp(`^\\| \`${variable}\` +\\| \`(\\d+)\` +\\|`, 'm').exec(readme) ?? [];
    expect(operations).toMatch(new RegExp(`^\\| \`${variable}\` +\\| ${value} +\\| [^|]+ \\| \`${limit}\` +\\|$`, 'm'));
  }
});
