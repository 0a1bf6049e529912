import { gzipSync } from 'node:zlib';
import {
  MAX_ID_LENGTH,
  MAX_KEYS_PER_INVALIDATION,
  MAX_REASON_LENGTH,
  MAX_ROOMS_PER_PUBLISH,
  MAX_SPREAD_MS,
} from '@querycast/protocol';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker, type MemoryBroker } from '../broker/memory-broker.js';
import { type LoopbackServer, serveLoopback } from './loopback-server.js';
import { type PublishRoutesOptions, publishRoutes } from './publish-routes.js';
import { MAX_PUBLISH_BYTES } from './publish-size.js';
import { createPublisher } from './publisher.js';
import { type RecordedObservability, recordObservability } from './recorded-observability.js';

const TOKEN = 'token-of-the-backend';
const GOOD = { rooms: ['parent:1'], keys: [['dashboard']] };

let server: LoopbackServer;
let broker: MemoryBroker;
let recorded: RecordedObservability;

async function serve(options: Partial<PublishRoutesOptions> = {}, port: Broker = broker): Promise<void> {
  const { logger, metrics } = recorded;
  const publisher = createPublisher({ broker: port, logger, metrics });
  server = await serveLoopback(
    express().use(publishRoutes({ publisher, tokens: [TOKEN], logger, metrics, ...options })),
  );
}

beforeEach(() => {
  broker = createMemoryBroker();
  recorded = recordObservability();
});

afterEach(() => server.close());

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/v1/invalidations`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
  });
}

/** What was refused, as metrics and log saw it. */
function refusals() {
  const refused = recorded.counts.filter(({ name }) => name === 'publish_refused_total');
  const counted = refused.map(({ name, labels }) => `${name} ${labels['door']} ${labels['code']}`);
  const logged = recorded.lines.map(({ level, fields, message }) => `${level} ${message} ${fields['code']}`);
  return { counted, logged };
}

function expectRefused(code: string): void {
  expect(refusals()).toEqual({
    counted: [`publish_refused_total http ${code}`],
    logged: [`warn publish refused ${code}`],
  });
  expect(JSON.stringify(recorded.lines)).not.toContain(TOKEN);
  expect(broker.size()).toMatchObject({ rooms: 0 });
}

describe('POST /v1/invalidations', () => {
  it('publishes, and answers 202 with the positions', async () => {
    await serve();
    const response = await post(JSON.stringify({ ...GOOD, id: 'x', reason: 'test', spreadMs: 5 }));
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ positions: { 'parent:1': (await broker.read('parent:1')).position } });
    expect((await broker.read('parent:1')).position).toMatch(/:1$/);
    expect(recorded.counts).toEqual([
      { name: 'publish_tokens_total', labels: { token: 'token-1' } },
      { name: 'publishes_total', labels: { door: 'http' } },
    ]);
  });

  it('takes a content type with a charset, and a compressed body', async () => {
    await serve();
    const type = { 'content-type': 'application/json; charset=utf-8' };
    expect((await post(JSON.stringify(GOOD), type)).status).toBe(202);
    const zipped = new Uint8Array(gzipSync(JSON.stringify(GOOD)));
    expect((await post(zipped, { 'content-encoding': 'gzip' })).status).toBe(202);
  });

  it('takes the largest invalidation the protocol allows, written as wastefully as JSON can', async () => {
    await serve();
    const escaped = (text: string) => text.replace(/./g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const rooms = Array.from(
      { length: MAX_ROOMS_PER_PUBLISH },
      (_, n) => `"${'k'.repeat(32)}:${String(n).padStart(64, '0')}"`,
    );
    const keys = Array.from(
      { length: MAX_KEYS_PER_INVALIDATION },
      (_, n) => `["${escaped(String(n).padStart(1_020, 'x'))}"]`,
    );
    const body = `{"rooms":[${rooms}],"keys":[${keys}],"id":"${'\\u00e9'.repeat(MAX_ID_LENGTH)}","reason":"${escaped('r'.repeat(MAX_REASON_LENGTH))}","spreadMs":${MAX_SPREAD_MS}}`;
    expect((await post(body)).status).toBe(202);
    expect(broker.size()).toMatchObject({ rooms: MAX_ROOMS_PER_PUBLISH });
  });
});

describe('a request without a valid token', () => {
  it.each([
    ['no header', {}, ''],
    ['another token', { authorization: 'Bearer another' }, ', error="invalid_token"'],
    ['the beginning of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }, ', error="invalid_token"'],
    ['two words', { authorization: `bearer ${TOKEN} ${TOKEN}` }, ', error="invalid_token"'],
    ['another scheme', { authorization: `Basic ${TOKEN}` }, ''],
    ['an empty token', { authorization: 'Bearer ' }, ''],
  ])('is answered 401 with a challenge as in RFC 6750: %s', async (_name, headers, reason) => {
    await serve();
    const response = await fetch(`${server.url}/v1/invalidations`, {
      method: 'POST',
      body: JSON.stringify(GOOD),
      headers: { 'content-type': 'application/json', ...headers },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(`Bearer realm="querycast"${reason}`);
    expect(await response.json()).toEqual({ error: { code: 'unauthorized', message: expect.any(String) } });
    expectRefused('unauthorized');
  });

  it('may use any of several tokens that are valid at once', async () => {
    await serve({ tokens: ['old', 'new'] });
    for (const token of ['old', 'new']) {
      expect((await post(JSON.stringify(GOOD), { authorization: `bearer ${token}` })).status).toBe(202);
    }
    expect((await post(JSON.stringify(GOOD))).status).toBe(401);
  });

  it('cannot slip through a careless list', async () => {
    await serve();
    expect(() => publishRoutes({ publisher: createPublisher({ broker }), tokens: [''] })).toThrow(TypeError);
  });
});

describe('a token for some rooms', () => {
  const BOUND = { token: 'token-for-some', rooms: ['parent:', 'student:4'] };
  const asBound = { authorization: `Bearer ${BOUND.token}` };
  const publishTo = (...rooms: string[]) => post(JSON.stringify({ ...GOOD, rooms, id: 'change-1' }), asBound);

  it('publishes to them', async () => {
    await serve({ tokens: [TOKEN, BOUND] });
    expect((await publishTo('parent:42', 'student:4')).status).toBe(202);
    expect(broker.size()).toMatchObject({ rooms: 2 });
    expect(refusals().counted).toEqual([]);
  });

  it('is answered 403 when any room is outside, appends to none and remembers nothing, and is told of by its name', async () => {
    await serve({ tokens: [TOKEN, BOUND] });
    const response = await publishTo('parent:1', 'student:42', 'teacher:1');
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="querycast", error="insufficient_scope"');
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      error: {
        code: 'forbidden',
        message: 'this token is for other rooms: 2 of 3 rooms are outside of them, and nothing was changed',
      },
    });
    expectRefused('forbidden');
    expect(recorded.lines).toMatchObject([{ fields: { token: 'token-2', door: 'http' } }]);
    for (const secret of [BOUND.token, 'student:42', 'teacher:1']) {
      expect(text + JSON.stringify(recorded.lines)).not.toContain(secret);
    }
    // The id of what was refused is still free.
    expect((await publishTo('parent:1')).status).toBe(202);
    expect((await broker.read('parent:1')).position).toMatch(/:1$/);
  });

  it.each([
    ['room', ['teacher:1', 'S3CRET']],
    ['list', 'S3CRET'],
  ])('learns what is wrong with a body before it learns of its rooms: a bad %s', async (_name, rooms) => {
    await serve({ tokens: [BOUND] });
    const response = await post(JSON.stringify({ ...GOOD, rooms }), asBound);
    expect(response.status).toBe(400);
    expect(response.headers.has('www-authenticate')).toBe(false);
    const text = await response.text();
    expect(JSON.parse(text).error).toMatchObject({ code: 'invalid_invalidation', problems: [{}] });
    expect(text + JSON.stringify(recorded.lines)).not.toContain('S3CRET');
    expectRefused('invalid_invalidation');
    expect(recorded.lines).toMatchObject([{ fields: { token: 'token-1', problems: [{}] } }]);
  });

  it('says nothing of other tokens, which publish anywhere', async () => {
    await serve({ tokens: [TOKEN, BOUND] });
    expect((await post(JSON.stringify({ ...GOOD, rooms: ['teacher:1'] }))).status).toBe(202);
  });

  it('keeps its rooms before a publisher that somebody wrapped, and has a rate of its own', async () => {
    const asked: unknown[] = [];
    const publisher = {
      invalidate: async (invalidation: unknown) => {
        asked.push(invalidation);
        return { positions: {}, incarnations: {} };
      },
    };
    await serve({ tokens: [TOKEN, BOUND], publisher, maxPerSecond: 2 });
    expect((await publishTo('teacher:1')).status).toBe(403);
    expect((await publishTo('parent:1')).status).toBe(202);
    expect(asked).toEqual([{ ...GOOD, rooms: ['parent:1'], id: 'change-1' }]);
    const statuses = (await Promise.all(Array.from({ length: 12 }, () => publishTo('teacher:1')))).map((r) => r.status);
    expect(statuses).toContain(429);
    expect((await post(JSON.stringify(GOOD))).status).toBe(202);
  });
});

describe('a malformed body', () => {
  it('is answered 400 with one problem per bad field, and changes nothing', async () => {
    await serve();
    const response = await post('{"rooms":["parent:1","S3CRET"],"keys":[["a",9007199254740993]],"spreadMs":"S3CRET"}');
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      error: {
        code: 'invalid_invalidation',
        message: expect.any(String),
        problems: [
          { path: 'rooms[1]', message: expect.stringMatching(/must look like/) },
          { path: 'keys[0]', message: expect.stringMatching(/2\^53-1/) },
          { path: 'spreadMs', message: 'must be a number, got a string' },
        ],
      },
    });
    expect(text + JSON.stringify(recorded.lines)).not.toContain('S3CRET');
    expectRefused('invalid_invalidation');
  });

  it.each([
    ['another content type', JSON.stringify(GOOD), { 'content-type': 'text/plain' }, /Content-Type: application\/json/],
    ['broken JSON', '{"rooms":["S3CRET', {}, /could not be parsed/],
    ['no object', '"S3CRET"', {}, /JSON object/],
    ['an unknown encoding', JSON.stringify(GOOD), { 'content-encoding': 'zstd' }, /plain or gzip/],
    ['an unknown charset', JSON.stringify(GOOD), { 'content-type': 'application/json; charset=latin1' }, /UTF-8/],
    ['compressed rubbish', 'S3CRET', { 'content-encoding': 'gzip' }, /plain or gzip/],
  ])('is answered 400 with the rule it broke: %s', async (_name, body, headers, rule) => {
    await serve();
    const response = await post(body, headers as Record<string, string>);
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({ error: { code: 'bad_request', message: expect.stringMatching(rule) } });
    expect(text + JSON.stringify(recorded.lines)).not.toContain('S3CRET');
    expectRefused('bad_request');
  });

  it('is answered 400 when it is empty', async () => {
    await serve();
    expect((await post('')).status).toBe(400);
  });

  it.each([
    ['plain', (body: string) => post(body)],
    ['once unpacked', (body: string) => post(new Uint8Array(gzipSync(body)), { 'content-encoding': 'gzip' })],
  ])('is answered 413 beyond the size the protocol can need: %s', async (_name, send) => {
    await serve();
    const response = await send(`{"rooms":["${'x'.repeat(MAX_PUBLISH_BYTES)}"]}`);
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      error: { code: 'too_large', message: expect.stringMatching(/fewer rooms/) },
    });
    expectRefused('too_large');
  });
});

describe('a publisher beyond its rate', () => {
  it('is answered 429 with the time to wait, and others are not slowed down', async () => {
    await serve({ tokens: [TOKEN, 'other'], maxPerSecond: 2 });
    const responses = await Promise.all(Array.from({ length: 12 }, () => post(JSON.stringify(GOOD))));
    const refused = responses.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(responses.filter(({ status }) => status === 202).length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(await refused[0]?.json()).toEqual({ error: { code: 'rate_limited', message: expect.any(String) } });
    expect(refusals().counted).toContain('publish_refused_total http rate_limited');
    expect(refusals().logged).toContain('warn publish refused rate_limited');
    expect((await post(JSON.stringify(GOOD), { authorization: 'Bearer other' })).status).toBe(202);
  });
});

describe('while the broker is away', () => {
  it('answers 503 with what was accepted and what to do', async () => {
    await serve(
      {},
      {
        ...broker,
        append: (append) =>
          append.room === 'parent:2' ? Promise.reject(new BrokerUnavailableError()) : broker.append(append),
      },
    );
    const response = await post(JSON.stringify({ ...GOOD, rooms: ['parent:1', 'parent:2'], id: 'x' }));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toEqual({
      error: { code: 'publish_incomplete', message: expect.stringMatching(/accepted 1 of 2 rooms.*again.*same id/) },
      positions: { 'parent:1': (await broker.read('parent:1')).position },
    });
    expect(refusals()).toEqual({
      counted: ['publish_refused_total http publish_incomplete'],
      logged: ['warn publish refused publish_incomplete'],
    });
  });
});
