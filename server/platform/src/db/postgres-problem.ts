import { certificateProblem } from '../certificate-problem.js';
import { StartError, systemCode } from '../start-error.js';

/** How far preparing the database had come. */
export type Step = 'connect' | 'wait' | 'prepare';

/** The server, or the way to it, cannot serve the platform; the message is the end of a sentence. */
export class UnsuitableServerError extends Error {
  readonly code = 'unsuitable_server';

  constructor(message: string) {
    super(message);
    this.name = 'UnsuitableServerError';
  }
}

/**
 * Says what is wrong in one sentence, without the URL, which may hold a password. A driver's error about connecting may
 * carry its settings, and is no cause therefore.
 */
export function postgresProblem(error: unknown, step: Step): StartError {
  // Whoever fills the database has said what is wrong already.
  if (error instanceof StartError) return error;
  const message = `The database of DATABASE_URL cannot be used: ${reason(error, step)}.`;
  return new StartError('database_unusable', message, step === 'prepare' ? { cause: error } : {});
}

function reason(error: unknown, step: Step): string {
  const failure = rootOf(error);
  if (failure instanceof UnsuitableServerError) return failure.message;
  const code = systemCode(failure);
  const said = failure instanceof Error ? failure.message : '';
  if (code === LOCK_NOT_AVAILABLE && step === 'wait') return 'another node has been preparing it for a minute';
  const known = certificateProblem(code, 'with sslrootcert in the URL') ?? REASONS[code];
  if (known !== undefined) return known;
  // Messages of this class name tables and columns, never values.
  if (code.startsWith('42')) return `preparing it failed with "${said}"`;
  if (SQLSTATE.test(code)) return `${step === 'connect' ? 'it refuses' : 'preparing it failed'} (SQLSTATE ${code})`;
  if (/timeout|unexpectedly/.test(said)) return step === 'connect' ? 'it does not answer' : 'the connection was lost';
  if (/SSL/.test(said)) return 'it offers no SSL, which the URL asks for';
  return code === '' ? 'an unexpected error occurred' : `the error ${code} occurred`;
}

/** What the database or the system said, below what the query builder made of it. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  return error instanceof Error && error.cause !== undefined && systemCode(error) === '' ? rootOf(error.cause) : error;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
const LOCK_NOT_AVAILABLE = '55P03';

/** By SQLSTATE, or by the code of the system. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: 'its host name cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its host cannot be reached',
  ECONNRESET: 'it closes the connection',
  ENOENT: 'its socket, or a file that the URL names, does not exist',
  ERR_INVALID_URL: 'the URL is not valid',
  '28P01': 'the password or the user is wrong',
  '28000':
    'it refuses this user, this host or an unencrypted connection, which sslmode=verify-full in the URL encrypts',
  '3D000': 'there is no database of this name',
  '53300': 'it has no connections left',
  '57P03': 'it is starting up or shutting down',
  '42501': 'its user has no right to create tables in it',
  '25006': 'it is read-only',
  [LOCK_NOT_AVAILABLE]: 'a table that must be changed is locked by a long transaction',
};
