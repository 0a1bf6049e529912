import { readFileSync } from 'node:fs';
import { MAX_CLIENT_FRAME_BYTES } from '@querycast/protocol';
import { expect, test } from 'vitest';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { createGateway } from './gateway.js';
import { type GatewayLimits, limitsOf } from './limits.js';

const gatewayWith = (limits: Partial<GatewayLimits>) =>
  createGateway({
    broker: createMemoryBroker(),
    authenticate: async (id) => ({ id, claims: {} }),
    roomsOf: () => [],
    limits,
  });

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001, '5' as unknown as number])(
  'a limit of %s is refused by name',
  (value) => {
    expect(() => gatewayWith({ connectionsPerUser: value })).toThrow(RangeError);
    expect(() => gatewayWith({ connectionsPerUser: value })).toThrow('limits.connectionsPerUser');
  },
);

test('a limit that does not exist is refused: it would limit nothing', () => {
  expect(() => gatewayWith({ conectionsPerUser: 5 } as object)).toThrow('limits.conectionsPerUser is no limit');
});

test('what is not given has its default', () => {
  expect(limitsOf({ connectionsPerUser: 1 })).toEqual({ ...limitsOf(), connectionsPerUser: 1 });
});

test('the document for operators names every limit, with its default', () => {
  const document = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const rows = [...document.matchAll(/^\| `[A-Z_]+` +\| (\d+) +\| [^|]+ \| `(\w+)` +\|$/gm)];
  expect(Object.fromEntries(rows.map(([, value, name]) => [name, Number(value)]))).toEqual(limitsOf());
  expect(document).toContain(`| none: ${MAX_CLIENT_FRAME_BYTES.toLocaleString('en')} bytes`);
});
