import { describe, expect, it } from 'vitest';
import { createPushFilter } from './push-filter.js';

const bulk = (part: string) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`;

describe.each([
  ['pushes, as of RESP3', '>'],
  ['arrays, as of RESP2', '*'],
])('of messages that are %s', (_name, type) => {
  const three = (...parts: string[]) => `${type}3\r\n${parts.join('')}`;
  const message = (...parts: string[]) => three(...parts.map(bulk));
  const confirmed = (channel: string) => three(bulk('ssubscribe'), bulk(channel), ':1\r\n');

  const stream = [
    '+PONG\r\n',
    message('smessage', 'a', 'one'),
    confirmed('lost'),
    message('smessage', 'lost', 'swallowed: größer\r\n'),
    `$3\r\n${type}3\r\r\n`,
    message('message', 'lost', ''),
    message('message', 'grün', 'two'),
    // The answer to a command, which begins as a message may.
    three(bulk('mess'), bulk('lost'), bulk('answered')),
    ':1\r\n',
  ];
  const passed = stream.filter((part) => !part.includes('message\r\n$4\r\nlost')).join('');

  it.each([1, 2, 3, 7, 1_000])('exactly those are swallowed that it is told to, in pieces of %d bytes', (size) => {
    const filter = createPushFilter((channel) => channel === 'lost');
    const bytes = Buffer.from(stream.join(''));
    let went = '';
    for (let at = 0; at < bytes.length; at += size) went += filter(bytes.subarray(at, at + size)).toString('latin1');
    expect(Buffer.from(went, 'latin1').toString()).toBe(passed);
  });

  it('nothing is held back once a reply is complete', () => {
    const filter = createPushFilter(() => true);
    for (const reply of ['+OK\r\n', confirmed('x'), '$-1\r\n'])
      expect(filter(Buffer.from(reply)).toString()).toBe(reply);
  });
});
