import { expect, test } from 'vitest';
import { startSentinel } from './redis-sentinel.js';
import { startRedis } from './redis-server.js';

const PATIENT = { timeout: 20_000 };

test('a Sentinel promotes the replica of a killed master, which keeps its new role through a restart', async () => {
  const master = await startRedis();
  const replica = await startRedis({ config: { replicaof: `127.0.0.1 ${master.port}` } });
  const sentinel = await startSentinel({ name: 'log', masterPort: master.port });
  await expect.poll(() => replica.cli('info', 'replication'), PATIENT).toContain('master_link_status:up');
  await expect.poll(() => sentinel.cli('sentinel', 'replicas', 'log'), PATIENT).toContain(`127.0.0.1:${replica.port}`);

  await master.kill();
  const masterPort = async () => (await sentinel.cli('sentinel', 'get-master-addr-by-name', 'log')).split('\n')[1];
  await expect.poll(masterPort, PATIENT).toBe(String(replica.port));
  await replica.stop();
  await replica.start();
  expect(await replica.cli('role')).toMatch(/^master/);

  await Promise.all([master.close(), replica.close(), sentinel.close()]);
});
