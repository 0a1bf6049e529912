import { gzipSync } from 'node:zlib';
import { createMemoryBroker, createPublisher } from '@querycast/server';
import { publishRoutes } from '@querycast/server/express';
import express from 'express';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serveLoopback } from '../../../server/src/publisher/loopback-server.js';
import { fuzz, TIMEOUT_MS } from '../run/fuzz.js';
import { isGoodInvalidation } from '../run/judge.js';
import { parsedJson } from '../run/parsed-json.js';
import { type RawAnswer, rawHttp, requestBytes } from '../run/raw-http.js';
import { createLedger, watchBroker } from '../run/watched-broker.js';
import { invalidation } from '../values/messages.js';
import { broken, bytesOf, mutatedText } from '../values/mutated.js';

const TOKEN = 'token-of-the-backend';
const PATH = '/v1/invalidations';

/** As the document says: PROTOCOL.md, "Doors". */
const CODES: Readonly<Record<number, readonly string[]>> = {
  400: ['bad_request', 'invalid_invalidation'],
  401: ['unauthorized'],
  413: ['too_large'],
};

const body = bytesOf(mutatedText(invalidation));

const GOOD_HEADERS = [
  ['Host', 'localhost'],
  ['Authorization', `Bearer ${TOKEN}`],
  ['Content-Type', 'application/json'],
] as const;

/** A whole request with a good head. */
const wellSent = body.map((bytes) => ({
  how: 'whole',
  body: bytes,
  mayEnter: true,
  request: requestBytes(`POST ${PATH}`, GOOD_HEADERS, bytes),
}));

const header = fc.tuple(
  fc.constantFrom(
    'Authorization',
    'Content-Type',
    'Content-Encoding',
    'Expect',
    'Cookie',
    'X-Forwarded-For',
    '__proto__',
    'Host',
  ),
  fc.oneof(
    fc.constantFrom(`Bearer ${TOKEN}x`, 'Bearer ', `bearer  ${TOKEN}`, 'Basic Og==', `Bearer ${'x'.repeat(8_000)}`),
    fc.constantFrom(
      'application/json; charset=utf-8',
      'application/json; charset=utf-7',
      'application/json;;;',
      'text/plain',
    ),
    fc.constantFrom('gzip', 'deflate', 'br', 'identity', 'x', 'gzip, gzip', '100-continue', '__proto__'),
    // What a header can hold: other bytes are refused by Node itself, which the third kind of input tries.
    fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '_')),
  ),
);

/** A whole request with another head: what of it counts is up to the server, but never may it let in what is not good. */
const oddlySent = fc
  .tuple(body, fc.array(header, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([bytes, odd, zip]) => {
    const sent = zip ? gzipSync(bytes) : bytes;
    const names = new Set(odd.map(([name]) => name));
    // The first of several counts.
    const authorization = odd.find(([name]) => name === 'Authorization')?.[1] ?? `Bearer ${TOKEN}`;
    const isReadOtherwise = names.has('Content-Type') || names.has('Content-Encoding');
    const headers = [...GOOD_HEADERS.filter(([name]) => !names.has(name)), ...odd];
    return {
      how: 'odd head',
      body: isReadOtherwise ? undefined : bytes,
      mayEnter: /^bearer +([^ ]+) *$/i.exec(authorization)?.[1] === TOKEN,
      request: requestBytes(`POST ${PATH}`, headers, sent),
    };
  });

/** Bytes that are hardly a request. */
const misSent = bytesOf(broken(wellSent.map(({ request }) => request.toString('latin1')))).map((request) => ({
  how: 'torn',
  body: undefined,
  mayEnter: request.includes(TOKEN),
  request,
}));

test(
  'POST /v1/invalidations takes what is within the limits, refuses all else with its code, and changes nothing then',
  async () => {
    const watched = watchBroker(createMemoryBroker());
    const ledger = createLedger();
    const publisher = createPublisher({ broker: watched.broker });
    const app = express().use(publishRoutes({ publisher, tokens: [TOKEN], maxPerSecond: 1e9 }));
    const server = await serveLoopback(app);
    const client = rawHttp(server.url);

    await fuzz({
      door: 'POST /v1/invalidations',
      seed: 102,
      input: fc.oneof(
        { weight: 7, arbitrary: wellSent },
        { weight: 2, arbitrary: oddlySent },
        { weight: 1, arbitrary: misSent },
      ),
      async judge({ how, body, mayEnter, request }) {
        const answer = how === 'whole' ? await client.ask(request) : await client.askOnce(request);
        const isTaken = answer?.status === 202;
        const taken = watched.taken();
        if (body) {
          // A mark of the byte order in front of it is left out, as RFC 8259 has it.
          const value = parsedJson(body.toString().replace(/^\ufeff/, ''));
          const good = isGoodInvalidation(value) ? value : undefined;
          ledger.expectAppended(isTaken ? good : undefined, taken);
          if (isTaken) expect(good, 'only what is good is taken').toBeDefined();
          if (how === 'whole' && good) expect(answer, 'what is good is taken').toMatchObject({ status: 202 });
        } else {
          const [first] = taken;
          const rooms = taken.map(({ append }) => append.room);
          ledger.expectAppended(
            isTaken && first ? { ...first.append, rooms, keys: first.append.keys } : undefined,
            taken,
          );
        }
        if (!mayEnter) expect(isTaken, 'taken without a token').toBe(false);
        if (answer && !isTaken) expectRefusal(answer, how === 'whole');
        return `${how} ${answer?.status ?? 'cut off'}`;
      },
      async afterwards() {
        const good = requestBytes(`POST ${PATH}`, GOOD_HEADERS, Buffer.from('{"rooms":["parent:1"],"keys":[["a"]]}'));
        expect((await client.ask(good))?.status).toBe(202);
      },
    });
    client.close();
    await server.close();
  },
  TIMEOUT_MS,
);

/** Ours has a code that stands in the document. Node answers what is no request by itself, and express an unknown path. */
function expectRefusal({ status, head, body }: RawAnswer, isOurs: boolean): void {
  expect(status, 'no fault of the server').toBeLessThan(500);
  if (!/\r\ncontent-type: application\/json/i.test(head)) {
    expect(isOurs, 'refused by the door itself').toBe(false);
    expect([400, 404, 408, 411, 413, 417, 431]).toContain(status);
    return;
  }
  const { error } = JSON.parse(body) as { error: { code: string; message: string } };
  expect(CODES[status] ?? []).toContain(error.code);
  expect(error.message).not.toBe('');
}
