import { expect, it } from 'vitest';
import { createPushFilter } from './push-filter.js';

const push = (...parts: string[]) =>
  `>3\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
const confirmed = (channel: string) => `>3\r\n$10\r\nssubscribe\r\n$${channel.length}\r\n${channel}\r\n:1\r\n`;

const STREAM = [
  '+PONG\r\n',
  push('smessage', 'a', 'one'),
  confirmed('lost'),
  push('smessage', 'lost', 'swallowed: größer\r\n'),
  '$3\r\n>3\r\r\n',
  push('message', 'lost', ''),
  push('message', 'grün', 'two'),
  ':1\r\n',
];
const PASSED = STREAM.filter((part) => !part.includes('message\r\n$4\r\nlost')).join('');

it.each([1, 2, 3, 7, 1_000])('swallows exactly the messages it is told to, in pieces of %d bytes', (size) => {
  const filter = createPushFilter((channel) => channel === 'lost');
  const bytes = Buffer.from(STREAM.join(''));
  let passed = '';
  for (let at = 0; at < bytes.length; at += size) passed += filter(bytes.subarray(at, at + size)).toString('latin1');
  expect(Buffer.from(passed, 'latin1').toString()).toBe(PASSED);
});

it('holds nothing back once a reply is complete', () => {
  const filter = createPushFilter(() => true);
  for (const reply of ['+OK\r\n', confirmed('x'), '$-1\r\n']) expect(filter(Buffer.from(reply)).toString()).toBe(reply);
});
