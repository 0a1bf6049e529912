import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { type HealthOptions, healthRoutes } from './health.js';
import type { LogFields, Logger } from './logger.js';
import { prometheusMetrics } from './prometheus.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real server on a free port of this machine; answers a function that asks it. */
async function serve(options: HealthOptions) {
  const server = createServer(express().use(healthRoutes(options)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown };
  };
}

const down = () => Promise.reject(new Error('connect ECONNREFUSED postgres://app:hunter2@db:5432'));

describe('/healthz', () => {
  test('answers while the process lives, whatever its checks say', async () => {
    const ask = await serve({ checks: { database: down } });
    const answer = await ask('/healthz');
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ status: 'ok' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('/readyz', () => {
  test('is 200 when every check passes, be it at once or later', async () => {
    const ask = await serve({ checks: { broker: () => {}, database: async () => ({ rows: [] }) } });
    const answer = await ask('/readyz');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json()).toEqual({ status: 'ok', checks: { broker: 'ok', database: 'ok' } });
  });

  test('is 200 when there is nothing to check', async () => {
    expect((await (await serve({ checks: {} }))('/readyz')).json()).toEqual({ status: 'ok', checks: {} });
  });

  test('is 503 and names what failed, by a throw or a rejection, without saying why', async () => {
    const broken = () => {
      throw new Error('hunter2');
    };
    const ask = await serve({ checks: { broker: () => {}, database: down, cache: broken } });
    const answer = await ask('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.json()).toEqual({ status: 'failed', checks: { broker: 'ok', database: 'failed', cache: 'failed' } });
    expect(answer.text).not.toContain('hunter2');
  });

  test('does not wait for a check that hangs, nor start it again while it does', async () => {
    let started = 0;
    let release = () => {};
    const stuck = () => {
      started += 1;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    const ask = await serve({ checks: { broker: () => {}, database: stuck }, timeoutMs: 20 });
    for (let round = 0; round < 3; round += 1) {
      expect((await ask('/readyz')).json()).toEqual({ status: 'failed', checks: { broker: 'ok', database: 'failed' } });
    }
    expect(started).toBe(1);
    release();
    expect((await ask('/readyz')).status).toBe(503);
    expect(started).toBe(2);
  });

  test('recovers although a check never ended: it is given up after five questions', async () => {
    let started = 0;
    const check = () => {
      started += 1;
      return started === 1 ? new Promise<void>(() => {}) : undefined;
    };
    const ask = await serve({ checks: { database: check }, timeoutMs: 5 });
    for (let round = 0; round < 5; round += 1) expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/readyz')).status).toBe(200);
    expect(started).toBe(2);
  });

  test('is logged when it changes, with the reason, and not at every question', async () => {
    const lines: [string, LogFields, string][] = [];
    const log = (level: string) => (fields: LogFields, message: string) => lines.push([level, fields, message]);
    const logger: Logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
    let healthy = true;
    const check = () => (healthy ? undefined : down());
    const ask = await serve({ checks: { database: check }, logger });
    for (const state of [true, false, false, true, true]) {
      healthy = state;
      expect((await ask('/readyz')).status).toBe(state ? 200 : 503);
    }
    expect(lines).toEqual([
      ['warn', { check: 'database', err: expect.any(Error) }, 'readiness check failed'],
      ['info', { check: 'database' }, 'readiness check passes again'],
    ]);
  });
});

describe('/metrics', () => {
  test('answers what was counted, in the format of Prometheus', async () => {
    const prometheus = prometheusMetrics();
    prometheus.count('publishes_total', { door: 'http' }, 7);
    const ask = await serve({ checks: {}, prometheus });
    const answer = await ask('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(prometheus.contentType);
    expect(answer.text).toContain('querycast_publishes_total{door="http"} 7');
  });

  test('does not exist when nothing is counted', async () => {
    expect((await (await serve({ checks: {} }))('/metrics')).status).toBe(404);
  });
});
