import { readFileSync } from 'node:fs';
import { ID_RETENTION_MS, LOG_RETENTION_MS } from '@querycast/protocol';
import { envelopeSchema } from '@querycast/protocol/schemas';
import { startRedis } from '@querycast/test-servers';
import { expect, test } from 'vitest';
import { redisSubscriber } from '../redis/connect.js';
import { becomes, connectBroker } from './redis-broker.test.support.js';

const DOCUMENT = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');

/** The rows of the table that PROTOCOL.md has for Redis: name, type, content. */
const LAYOUT = [...DOCUMENT.matchAll(/^\| `(qc:[^`]+)` +\| ([^|]+?) +\| (.+?) +\|$/gm)].map(
  ([, name = '', type = '', content = '']) => ({ name, type, content }),
);

test('the keys, types and channels of PROTOCOL.md are those on the server', async () => {
  const server = await startRedis();
  const { broker, commands, close } = connectBroker({ url: server.url }, { prefix: 'qc:' });
  const listener = redisSubscriber({ url: server.url });
  try {
    await becomes(broker, true);
    const heard = new Promise<string>((resolve) => listener.on('smessage', (_channel, message) => resolve(message)));
    await listener.ssubscribe('qc:{parent:42}');
    const { position } = await broker.append({ room: 'parent:42', keys: [['b', { z: 1, a: [] }], ['a']], id: 'tx-1' });

    const named = (type: string) => LAYOUT.filter((row) => row.type === type).map(({ name }) => name);
    expect(named('hash')).toEqual(['qc:{parent:42}:head']);
    expect(named('sorted set')).toEqual(['qc:{parent:42}:log']);
    expect(named('string')).toEqual(['qc:{parent:42}:id:<id>']);
    expect(named('sharded channel')).toEqual(['qc:{parent:42}']);
    expect(named('channel')).toEqual(['qc:publish']);
    expect((await commands.keys('qc:{*')).sort()).toEqual(
      ['qc:{parent:42}:head', 'qc:{parent:42}:id:tx-1', 'qc:{parent:42}:log'].sort(),
    );

    const head = await commands.hgetall('qc:{parent:42}:head');
    const fields = [...(LAYOUT[0]?.content ?? '').matchAll(/`(\w+)`/g)].map(([, field]) => field);
    expect(Object.keys(head).sort()).toEqual(fields.sort());
    expect(`${head['epoch']}:${head['offset']}`).toBe(position);
    expect(await commands.info('replication')).toContain(`master_replid:${head['incarnation']}`);
    expect(await commands.zrange('qc:{parent:42}:log', '0', '-1', 'WITHSCORES')).toEqual([
      '["a"]',
      '1',
      '["b",{"a":[],"z":1}]',
      '1',
    ]);
    expect(envelopeSchema.parse(JSON.parse(await heard))).toMatchObject({ position, id: 'tx-1' });
    const left = async (name: string) => Math.ceil((await commands.pttl(name)) / 60_000) * 60_000;
    expect(await left('qc:{parent:42}:log')).toBe(LOG_RETENTION_MS);
    expect(await left('qc:{parent:42}:head')).toBe(LOG_RETENTION_MS);
    expect(await left('qc:{parent:42}:id:tx-1')).toBe(ID_RETENTION_MS);
  } finally {
    await close();
    listener.disconnect();
    await server.close();
  }
});
