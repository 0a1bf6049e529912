import { afterEach, expect, test } from 'vitest';
import type { LogFields } from '../observability/logger.js';
import { startOneNode } from './one-node.test.support.js';

let node: Awaited<ReturnType<typeof startOneNode>>;

afterEach(() => node.close());

/** Lines that an operator sees, which a log keeps at its usual level. */
const seen = (message: string): LogFields[] =>
  node.lines.filter((line) => line.level !== 'debug' && line.message === message).map(({ fields }) => fields);

test('rights to rooms that cannot be asked for are one line in ten seconds, for all sessions', async () => {
  const err = new Error('the database is away');
  node = await startOneNode({
    authorize: async () => {
      throw err;
    },
  });
  const ask = async (user: string) => {
    const client = node.connect(user);
    expect(await client.next()).toMatchObject(['ready', {}]);
    for (let each = 0; each < 3; each += 1) {
      expect(await client.subscribe('class:1')).toMatchObject({ ok: false, code: 'rate_limited' });
    }
  };
  for (const user of ['1', '2', '3']) await ask(user);
  const fields = { session: expect.any(String), room: 'class:1', err };
  expect(seen('authorization failed')).toEqual([{ ...fields, user: '1', times: 1 }]);
  node.timers.advance(10_000);
  await ask('4');
  expect(seen('authorization failed').slice(1)).toEqual([{ ...fields, user: '4', times: 9 }]);
});

test('own rooms that nobody knows are one line in ten seconds, for all sessions', async () => {
  const err = new Error('the database is away');
  node = await startOneNode({
    roomsOf: async () => {
      throw err;
    },
  });
  const come = async (user: string) => expect(await node.connect(user).next()).toMatchObject(['disconnect', {}]);
  for (const user of ['1', '2', '3', '4']) await come(user);
  expect(seen('rooms of a session unknown')).toEqual([{ session: expect.any(String), user: '1', err, sessions: 1 }]);
  node.timers.advance(10_000);
  await come('5');
  expect(seen('rooms of a session unknown').slice(1)).toMatchObject([{ user: '5', sessions: 4 }]);
});
