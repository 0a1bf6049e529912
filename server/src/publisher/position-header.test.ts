import { covers, POSITION_HEADER, type Position, parsePositionHeader, type Room } from '@querycast/protocol';
import express, { type RequestHandler } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { type LoopbackServer, serveLoopback } from './loopback-server.js';
import { positionHeader } from './position-header.js';
import { recordObservability } from './recorded-observability.js';

const ROOMS: readonly Room[] = ['parent:1', 'class:7'];

let server: LoopbackServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Answers with `data` after the middleware under test and whatever comes between. */
async function get(middleware: readonly RequestHandler[]): Promise<Response> {
  const app = express();
  app.get('/', ...middleware, (_request, response) => {
    response.send('data');
  });
  server = await serveLoopback(app);
  return fetch(server.url);
}

function positionIn(response: Response, room: Room): Position | undefined {
  return parsePositionHeader(response.headers.get(POSITION_HEADER) ?? '')[room];
}

describe('the position header', () => {
  it("holds the position of each of the viewer's rooms", async () => {
    const broker = createMemoryBroker();
    const { position } = await broker.append({ room: 'parent:1', keys: [['a']] });
    const response = await get([positionHeader({ broker, roomsOf: () => ROOMS })]);
    expect(parsePositionHeader(response.headers.get(POSITION_HEADER) ?? '')).toEqual({
      'parent:1': position,
      'class:7': (await broker.read('class:7')).position,
    });
    expect(await response.text()).toBe('data');
  });

  it('is read completely before the handler runs', async () => {
    const steps: string[] = [];
    const memory = createMemoryBroker();
    const broker: Broker = {
      ...memory,
      async read(room) {
        steps.push(`reading ${room}`);
        // Two turns of the event loop: a handler that did not wait would run in between.
        await new Promise((resolve) => setImmediate(resolve));
        await new Promise((resolve) => setImmediate(resolve));
        const read = await memory.read(room);
        steps.push(`read ${room}`);
        return read;
      },
    };
    const handler: RequestHandler = (_request, _response, next) => {
      steps.push('handling');
      next();
    };
    await get([positionHeader({ broker, roomsOf: () => ROOMS, timeoutMs: 10_000 }), handler]);
    expect(steps).toEqual(['reading parent:1', 'reading class:7', 'read parent:1', 'read class:7', 'handling']);
  });

  it('is older, never newer, than an invalidation published while the handler runs', async () => {
    const broker = createMemoryBroker();
    const { position: before } = await broker.append({ room: 'parent:1', keys: [['a']] });
    let during: Position | undefined;
    const publish: RequestHandler = async (_request, _response, next) => {
      during = (await broker.append({ room: 'parent:1', keys: [['a']] })).position;
      next();
    };
    const response = await get([positionHeader({ broker, roomsOf: () => ROOMS }), publish]);
    const position = positionIn(response, 'parent:1');
    expect(position).toBe(before);
    expect(position && during && covers(position, during)).toBe(false);
  });

  it('is exposed across origins, beside what others expose', async () => {
    const expose: RequestHandler = (_request, response, next) => {
      response.set('Access-Control-Expose-Headers', 'ETag');
      next();
    };
    const broker = createMemoryBroker();
    const response = await get([expose, positionHeader({ broker, roomsOf: () => ROOMS })]);
    expect(response.headers.get('Access-Control-Expose-Headers')).toBe(`ETag, ${POSITION_HEADER}`);
  });

  it('is exposed when nothing else is', async () => {
    const response = await get([positionHeader({ broker: createMemoryBroker(), roomsOf: () => ROOMS })]);
    expect(response.headers.get('Access-Control-Expose-Headers')).toBe(POSITION_HEADER);
  });

  it('is absent for a viewer without rooms, and nobody is alarmed', async () => {
    const { counts, ...observability } = recordObservability();
    const response = await get([positionHeader({ broker: createMemoryBroker(), roomsOf: () => [], ...observability })]);
    expect(response.headers.has(POSITION_HEADER)).toBe(false);
    expect(response.headers.has('Access-Control-Expose-Headers')).toBe(false);
    expect(counts).toEqual([]);
  });
});

describe('without an answer of the broker', () => {
  it.each([
    ['is away', () => Promise.reject(new BrokerUnavailableError())],
    ['does not answer in time', () => new Promise<never>(() => {})],
  ])('the header is left out and counted and the request goes on: the broker %s', async (_name, read) => {
    const { counts, lines, ...observability } = recordObservability();
    const broker: Broker = { ...createMemoryBroker(), read };
    const response = await get([positionHeader({ broker, roomsOf: () => ROOMS, timeoutMs: 5, ...observability })]);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('data');
    expect(response.headers.has(POSITION_HEADER)).toBe(false);
    expect(counts).toEqual([{ name: 'position_header_omitted_total', labels: {} }]);
    expect(lines).toMatchObject([{ level: 'warn', message: 'position header omitted' }]);
  });

  it('the header is left out for all rooms when one of them does not answer', async () => {
    const memory = createMemoryBroker();
    const broker: Broker = {
      ...memory,
      read: (room) => (room === 'class:7' ? Promise.reject(new BrokerUnavailableError()) : memory.read(room)),
    };
    const response = await get([positionHeader({ broker, roomsOf: () => ROOMS })]);
    expect(response.headers.has(POSITION_HEADER)).toBe(false);
  });

  it('an outage is said once and its end once, while every omission is counted', async () => {
    const { counts, lines, ...observability } = recordObservability();
    const memory = createMemoryBroker();
    let away = true;
    const broker: Broker = {
      ...memory,
      read: (room) => (away ? Promise.reject(new BrokerUnavailableError()) : memory.read(room)),
    };
    await get([positionHeader({ broker, roomsOf: () => ROOMS, ...observability })]);
    const url = server?.url ?? '';
    await fetch(url);
    away = false;
    await fetch(url);
    expect((await fetch(url)).headers.has(POSITION_HEADER)).toBe(true);
    expect(counts).toHaveLength(2);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn position header omitted',
      'debug position header omitted',
      'info position header restored',
    ]);
  });

  it('a fault in the application, such as an unknown viewer, is not hidden', async () => {
    const response = await get([
      positionHeader({
        broker: createMemoryBroker(),
        roomsOf: () => {
          throw Object.assign(new Error('no viewer'), { status: 418, expose: true });
        },
      }),
    ]);
    expect(response.status).toBe(418);
  });
});
