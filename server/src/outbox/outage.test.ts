import { expect, test } from 'vitest';
import { isOutage } from './outage.js';

test.each([
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['a server that stops', Object.assign(new Error('terminating'), { code: '57P01' })],
  ['too many connections', Object.assign(new Error('sorry'), { code: '53300' })],
  ['a deadlock', Object.assign(new Error('deadlock detected'), { code: '40P01' })],
  ['a server that became a standby', Object.assign(new Error('read-only'), { code: '25006' })],
  ['a statement that took too long', Object.assign(new Error('statement timeout'), { code: '57014' })],
  ['a lock that somebody holds', Object.assign(new Error('could not obtain lock'), { code: '55P03' })],
  ['a connection that broke', new Error('Connection terminated unexpectedly')],
  ['no connection in time', new Error('timeout exceeded when trying to connect')],
  ['one of these as a cause', new Error('Failed query', { cause: new Error('Query read timeout') })],
])('%s is an outage', (_, error) => {
  expect(isOutage(error)).toBe(true);
});

test('mistakes of signals and statements are none', () => {
  const circular = new Error('about itself');
  circular.cause = circular;
  const mistakes = ['22P02', '42703', '55006', '23505'].map((code) => Object.assign(new Error('refused'), { code }));
  for (const error of [...mistakes, new TypeError('undefined'), circular, 'text', null]) {
    expect(isOutage(error)).toBe(false);
  }
});
