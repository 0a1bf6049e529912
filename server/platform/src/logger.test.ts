import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, test } from 'vitest';
import { createLogger } from './logger.js';

/** The line that is written for these fields. */
function lineOf(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let written = '';
  const destination = {
    write(line: string) {
      written += line;
    },
  };
  createLogger({ level: 'info', node: 'a1', destination }).warn(fields, 'something is wrong');
  expect(written.split('"node"')).toHaveLength(2);
  return JSON.parse(written);
}

test.each(['err', 'error'])('a cause that is a text under %s is written', (field) => {
  expect(lineOf({ [field]: 'connect ECONNREFUSED 127.0.0.1:5432' })).toMatchObject({
    [field]: 'connect ECONNREFUSED 127.0.0.1:5432',
    msg: 'something is wrong',
  });
});

test('every line has the name of the node, once', () => {
  expect(lineOf({})).toMatchObject({ node: 'a1' });
  expect(lineOf({ node: 'a1' })).toMatchObject({ node: 'a1' });
});

test.each([
  ['Failed query: update users set email = $1\nparams: olga@demo.test', 'Failed query: update users set email = $1'],
  ["ERR unknown command 'evalsha', with args beginning with: 'hunter2' 'a'", "ERR unknown command 'evalsha'"],
  ['no answer from redis://default:hun/ter2@cache:6379', 'no answer from redis://cache:6379'],
  ['x '.repeat(5_000), 'x '.repeat(250)],
])('neither a text nor a message says what it holds of values (%#)', (said, written) => {
  expect(lineOf({ error: said })).toMatchObject({ error: written });
  expect(lineOf({ err: new Error(said) })).toMatchObject({ err: { type: 'Error', message: written } });
});

test.each(['message', 'reason', 'rule', 'warning'])('nor does what others said, under %s', (field) => {
  expect(lineOf({ [field]: 'no answer from redis://default:hunter2@cache:6379' })).toMatchObject({
    [field]: 'no answer from redis://cache:6379',
  });
});

test('a failed query is written without its parameters, with its cause', () => {
  const err = new DrizzleQueryError('select $1', ['hunter2'], new Error('canceling statement due to lock timeout'));
  const line = lineOf({ err });
  expect(line).toMatchObject({ err: { query: 'select $1', cause: { message: expect.stringContaining('lock') } } });
  expect(JSON.stringify(line)).not.toContain('hunter2');
});

test('what is neither a text nor an error is not written', () => {
  expect(lineOf({ error: { token: 'hunter2' } })).toMatchObject({ error: { type: 'object' } });
});
