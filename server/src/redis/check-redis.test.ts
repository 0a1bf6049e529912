import { expect, test } from 'vitest';
import { judgeServer } from './check-redis.js';
import { parseServerInfo } from './server-info.js';

const GOOD = {
  redis_version: '7.0.15',
  role: 'master',
  master_replid: '8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb',
  cluster_enabled: '0',
  maxmemory_policy: 'noeviction',
};

function info(fields: Partial<Record<keyof typeof GOOD, string>> = {}) {
  const lines = Object.entries({ ...GOOD, ...fields }).map(([name, value]) => `${name}:${value}`);
  return parseServerInfo(['# Server', ...lines, ''].join('\r\n'));
}

function codes(server: ReturnType<typeof info>, asCluster = false) {
  const { refusals, warnings } = judgeServer(server, asCluster);
  return { refusals: refusals.map(({ code }) => code), warnings: warnings.map(({ code }) => code) };
}

test('a master of version 7 that evicts nothing carries the log', () => {
  expect(codes(info())).toEqual({ refusals: [], warnings: [] });
  expect(codes(info({ redis_version: '8.2.0' }))).toEqual({ refusals: [], warnings: [] });
});

test('an older server is refused: it has no sharded channels', () => {
  expect(codes(info({ redis_version: '6.2.14' })).refusals).toEqual(['version']);
});

test('a replica is refused, except as one node of a cluster', () => {
  expect(codes(info({ role: 'slave' })).refusals).toEqual(['replica']);
  expect(codes(info({ role: 'slave', cluster_enabled: '1' }), true).refusals).toEqual([]);
});

test('a cluster is refused to a client for one server, and one server to a client for clusters', () => {
  expect(codes(info({ cluster_enabled: '1' })).refusals).toEqual(['cluster']);
  expect(codes(info(), true).refusals).toEqual(['not_cluster']);
});

test('a policy that evicts is a warning', () => {
  expect(codes(info({ maxmemory_policy: 'volatile-ttl' }))).toEqual({ refusals: [], warnings: ['eviction_policy'] });
});

test('what a server does not tell is held against nobody', () => {
  expect(codes(parseServerInfo(''))).toEqual({ refusals: [], warnings: [] });
});
