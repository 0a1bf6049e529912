import { ApiRequestError, describeError } from '../api/errors.js';

/** What a refused request says of the fields of a form, and what is left to say above them. */
export interface Refusal {
  readonly fields: Readonly<Record<string, string>>;
  /** Empty when the fields say it all. */
  readonly message: string;
}

/** Sorts an error by the form's fields; what it says of others is in the message. */
export function refusalOf(error: unknown, fieldNames: readonly string[]): Refusal {
  if (!(error instanceof ApiRequestError) || error.status >= 500) return { fields: {}, message: describeError(error) };
  const entries = Object.entries(error.fields);
  const fields = Object.fromEntries(entries.filter(([name]) => fieldNames.includes(name)));
  const others = entries.filter(([name]) => !fieldNames.includes(name)).map(([name, text]) => `${name}: ${text}`);
  const isSaidBeside = Object.keys(fields).length > 0 && others.length === 0;
  return { fields, message: isSaidBeside ? '' : [error.message, ...others].join(' ') };
}
