import type { LiveTransport, TransportHandlers } from '@querycast/react';
import { expect, test } from 'vitest';
import { createWire } from './wire.js';
import { wiredTransport } from './wired-transport.js';

/** A transport over nothing: the test plays the gateway. */
function setUp() {
  const wire = createWire();
  const attempts: { handlers: TransportHandlers; closed: boolean }[] = [];
  const inner: LiveTransport = {
    connect(handlers) {
      const attempt = { handlers, closed: false };
      attempts.push(attempt);
      return {
        request: async () => 'answered',
        close: () => {
          attempt.closed = true;
        },
      };
    },
  };
  const heard: string[] = [];
  const connection = () =>
    wiredTransport(wire, inner).connect({
      auth: async () => ({ token: 't', protocol: 1 }),
      onOpen: () => heard.push('open'),
      onMessage: (event) => heard.push(event),
      onProblem: () => heard.push('problem'),
      onClose: () => heard.push('close'),
    });
  return { wire, attempts, heard, connection };
}

test('a whole wire carries everything both ways', async () => {
  const { attempts, heard, connection } = setUp();
  const through = connection();
  attempts[0]?.handlers.onOpen();
  attempts[0]?.handlers.onMessage('ready', {});
  expect(heard).toEqual(['open', 'ready']);
  expect(await through.request('subscribe', {})).toBe('answered');
});

test('cutting the wire closes the real connection and says so once', () => {
  const { wire, attempts, heard, connection } = setUp();
  connection();
  attempts[0]?.handlers.onOpen();
  wire.cut();
  expect(attempts[0]?.closed).toBe(true);
  expect(heard).toEqual(['open', 'close']);
});

test('a request over a cut wire is refused', async () => {
  const { wire, attempts, connection } = setUp();
  const through = connection();
  attempts[0]?.handlers.onOpen();
  wire.cut();
  await expect(through.request('subscribe', {})).rejects.toMatchObject({ code: 'not_connected' });
});

test('cutting the wire during an attempt fails the attempt', () => {
  const { wire, heard, connection } = setUp();
  connection();
  wire.cut();
  expect(heard).toEqual(['problem']);
});

test('nothing connects through a cut wire; once restored the waiting attempt goes on', () => {
  const { wire, attempts, heard, connection } = setUp();
  wire.cut();
  connection();
  expect(attempts).toHaveLength(0);
  wire.restore();
  attempts[0]?.handlers.onOpen();
  expect(heard).toEqual(['open']);
  wire.cut();
  expect(heard).toEqual(['open', 'close']);
});

test('an attempt given up while it waits never connects', () => {
  const { wire, attempts, connection } = setUp();
  wire.cut();
  connection().close();
  wire.restore();
  expect(attempts).toHaveLength(0);
});

test('a connection that has ended by itself is not ended again by cutting', () => {
  const { wire, attempts, heard, connection } = setUp();
  connection();
  attempts[0]?.handlers.onOpen();
  attempts[0]?.handlers.onClose('transport close');
  wire.cut();
  expect(heard).toEqual(['open', 'close']);
});
