import { z } from 'zod';
import { badRequest, notFound } from './errors.js';

const MAX_ID = 2 ** 31 - 1;

/** An id in a body. */
export const idSchema = z.int('must be a whole number').min(1, 'must be positive').max(MAX_ID, 'is too large');

/**
 * A line of text in a body, trimmed. Control characters are refused: nobody types them, and PostgreSQL takes no NUL at
 * all.
 */
export function textSchema(maxLength: number, minLength = 1) {
  return trimmed(maxLength, minLength).regex(/^\P{Cc}*$/u, 'must not contain control characters');
}

/** A text of several lines in a body, trimmed; of control characters it may contain tabs and line breaks. */
export function proseSchema(maxLength: number, minLength = 1) {
  return trimmed(maxLength, minLength).regex(/^(?:\P{Cc}|[\t\n\r])*$/u, 'must not contain control characters');
}

function trimmed(maxLength: number, minLength: number) {
  const message = minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`;
  return z.string('must be a text').trim().min(minLength, message).max(maxLength, 'is too long');
}

/** A day in a body, e.g. `2026-09-07`. */
export const dateSchema = z.iso.date('must be a date such as 2026-09-07');

/** At least one of the fields of a schema whose fields are all optional. */
export function someOf<Schema extends z.ZodType<object>>(schema: Schema): Schema {
  return schema.refine((body) => Object.values(body).some((value) => value !== undefined), 'must not be empty');
}

/** Checks a body and gives it its type. Throws a 400 with one message per bad field, unknown ones included. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const fields = new Map<string, string>();
  for (const issue of result.error.issues) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.') || 'body'];
    const message = issue.code === 'unrecognized_keys' ? 'is not known' : issue.message;
    for (const name of names) if (!fields.has(name)) fields.set(name, message);
  }
  throw badRequest(Object.fromEntries(fields));
}

/** Reads an id from a path. What cannot be an id does not exist: throws a 404. */
export function parseId(value: unknown): number {
  const id = typeof value === 'string' && /^[1-9][0-9]{0,9}$/.test(value) ? Number(value) : undefined;
  if (id === undefined || id > MAX_ID) throw notFound();
  return id;
}
