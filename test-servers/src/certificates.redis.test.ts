import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority } from './certificates.js';
import { startRedis } from './redis-server.js';

const authority = createAuthority('authority of a test');

test('a certificate is for its hosts, from its authority, and valid now unless it is to be expired', () => {
  const root = new X509Certificate(authority.certificate);
  expect(root.ca).toBe(true);
  const { certificate, key } = authority.issue(['localhost', '127.0.0.1']);
  const issued = new X509Certificate(certificate);
  expect(issued.checkHost('localhost')).toBe('localhost');
  expect(issued.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(issued.checkHost('elsewhere')).toBeUndefined();
  expect([issued.verify(root.publicKey), issued.checkIssued(root), key.includes('PRIVATE KEY')]).toEqual([
    true,
    true,
    true,
  ]);
  expect(Date.parse(issued.validTo)).toBeGreaterThan(Date.now());
  const expired = new X509Certificate(authority.issue(['localhost'], { isExpired: true }).certificate);
  expect(Date.parse(expired.validTo)).toBeLessThan(Date.now());
});

test('a Redis with a certificate speaks TLS to whoever trusts its authority', async () => {
  const redis = await startRedis({ tls: authority.issue(['localhost']) });
  try {
    expect(await redis.cli('PING')).toBe('PONG');
    const errors = [authority.certificate, createAuthority('another').certificate].map(
      (ca) =>
        new Promise((resolve) => {
          const socket = connect({ host: 'localhost', port: redis.port, ca });
          socket.once('secureConnect', () => resolve(undefined)).once('error', resolve);
          socket.once('secureConnect', () => socket.destroy());
        }),
    );
    expect(await Promise.all(errors)).toEqual([undefined, expect.any(Error)]);
  } finally {
    await redis.close();
  }
});
