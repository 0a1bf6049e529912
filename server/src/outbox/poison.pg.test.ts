import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { keyOf, roomOf } from './order-signals.test.support.js';
import { useRelayScenes } from './relay-scene.test.support.js';

const scenes = useRelayScenes();

/** What operators are told to run once the cause is mended. */
function retrySql(): string {
  const document = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  return /```sql retry\n([^`]+)```/.exec(document)?.[1] ?? '';
}

test('a poisonous row is set aside after its attempts, whoever made them; all others go on; it can be tried again', async () => {
  const scene = await scenes.open();
  const { broker } = scene.connected;
  const before = (await broker.read(roomOf(1))).position;
  const logged = async () => (await broker.read(roomOf(1), before)).keys;
  // Order 2 is poison, in one transaction with others.
  await scene.pool.query('INSERT INTO orders VALUES (1, 1), (2, -1), (3, 1)');
  await scene.pool.query('INSERT INTO orders VALUES (4, 1)');
  const settings = { maxAttempts: 3 };
  for (const attempts of [1, 2]) {
    const killed = await scene.start({ stopAt: 'written down', relay: settings });
    await killed.reached;
    await killed.kill();
    const poison = (await scene.rows())[1];
    expect(poison).toMatchObject({ attempts, set_aside_at: null, last_error: 'there is no such customer' });
    await scene.pool.query('UPDATE querycast_outbox SET claimed_until = now()');
  }
  expect(await logged()).toEqual([keyOf(4), keyOf(1), keyOf(3)]);

  const { logger, metrics, lines, counts } = recordObservability();
  const relay = scene.relay({ ...settings, logger, metrics });
  await relay.start();
  await relay.settled();
  const [first, poison, third, fourth] = await scene.rows();
  expect(poison).toMatchObject({ attempts: 3, set_aside_at: expect.any(Date), published_at: null });
  for (const row of [first, third, fourth]) expect(row).toMatchObject({ published_at: expect.any(Date) });
  expect(lines.filter(({ level }) => level === 'error')).toEqual([
    {
      level: 'error',
      fields: { row: poison?.['id'], source: 'orders', attempts: 3, error: 'there is no such customer' },
      message: 'outbox row set aside',
    },
  ]);
  expect(counts).toContainEqual({ name: 'relay_rows_total', labels: { result: 'set_aside' } });

  await scene.pool.query(`UPDATE querycast_outbox SET new = '{"id":2,"customer":1}' WHERE set_aside_at IS NOT NULL`);
  await scene.pool.query(retrySql());
  await relay.settled();
  expect(await logged()).toContainEqual(keyOf(2));
});
