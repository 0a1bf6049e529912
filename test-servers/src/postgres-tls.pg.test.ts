import { expect, test } from 'vitest';
import { createAuthority } from './certificates.js';
import { startPostgres } from './postgres-server.js';

test('a PostgreSQL with a certificate lets nobody in without TLS', async () => {
  const postgres = await startPostgres({ tls: createAuthority('authority of a test').issue(['localhost']) });
  try {
    expect(await postgres.psql('postgres', 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toBe('t');
    await expect(postgres.psql('postgres?sslmode=disable', 'SELECT 1')).rejects.toThrow('no encryption');
  } finally {
    await postgres.close();
  }
});
