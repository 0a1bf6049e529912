import { ApiRequestError, describeError } from '../api/errors.js';

/** What a refused request says of the fields of a form, and what is left to say above them. */
export interface Refusal {
  readonly fields: Readonly<Record<string, string>>;
  /** Empty when the fields say it all. */
  readonly message: string;
}

/** The names of a form's fields; of what is nested in an object as paths, as the server and the form name them. */
export function fieldNamesOf(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    isNested(value) ? fieldNamesOf(value).map((inner) => `${name}.${inner}`) : [name],
  );
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
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
