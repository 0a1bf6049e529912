import { expect, test } from 'vitest';
import { postgresProblem, UnsuitableServerError } from './postgres-problem.js';

const coded = (code: string, message = 'postgres://olga:hush@db/shop') => Object.assign(new Error(message), { code });

test.each([
  ['a server that does not suit', new UnsuitableServerError('it is too old'), 'connect', 'it is too old'],
  [
    'all attempts of a name with two addresses',
    new AggregateError([coded('ECONNREFUSED')]),
    'connect',
    'nothing listens at its address',
  ],
  ['a node that takes long', coded('55P03'), 'wait', 'another node has been preparing it for a minute'],
  ['a table in the way', coded('55P03'), 'prepare', 'a table that must be changed is locked by a long transaction'],
  [
    'tables of somebody else',
    coded('42P07', 'relation "users" already exists'),
    'prepare',
    'preparing it failed with "relation "users" already exists"',
  ],
  [
    'a query below the query builder',
    new Error('Failed query: hush', { cause: coded('25006') }),
    'prepare',
    'it is read-only',
  ],
  [
    'a certificate that signed itself',
    coded('DEPTH_ZERO_SELF_SIGNED_CERT'),
    'connect',
    'its certificate is not signed by an authority that is trusted here: name that with sslrootcert in the URL',
  ],
  ['an old certificate', coded('CERT_HAS_EXPIRED'), 'connect', 'its certificate has expired'],
  [
    'a certificate of another host',
    coded('ERR_TLS_CERT_ALTNAME_INVALID'),
    'connect',
    'its certificate is for another host name than that of the URL: name the server as its certificate does',
  ],
  ['a state without a sentence', coded('XX000'), 'connect', 'it refuses (SQLSTATE XX000)'],
  ['a system error without a sentence', coded('EWHATEVER'), 'connect', 'the error EWHATEVER occurred'],
  ['anything else', new Error('postgres://olga:hush@db/shop'), 'connect', 'an unexpected error occurred'],
] as const)('%s is told in one sentence', (_, error, step, expected) => {
  const problem = postgresProblem(error, step);
  expect(problem.message).toBe(`The database of DATABASE_URL cannot be used: ${expected}.`);
});

test.each([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
])('%s has a sentence of its own', (code) => {
  expect(postgresProblem(coded(code), 'connect').message).toMatch(/its certificate [^_]+\.$/);
});
