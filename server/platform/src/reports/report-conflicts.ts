import { conflict, HttpError } from '../http/errors.js';

/** Why a report cannot be edited or sent. */
export const ALREADY_SENT = 'The report was sent already and is not edited any more.';
/** Why a report cannot be sent. */
export const NOBODY_TO_SEND_TO = 'There is nobody to send it to: the student has none.';
/** Why a report cannot be written. */
export const ONE_A_WEEK = 'There is a report on this student for this week already: edit that one.';

/** Throws a 409 instead of a 404: the report is the author's own, but the student is not theirs any more. */
export function asEnded(error: unknown): never {
  throw error instanceof HttpError && error.status === 404 ? conflict('The student is none of yours any more.') : error;
}
