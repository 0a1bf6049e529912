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
  return z
    .string('must be a text')
    .trim()
    .min(minLength, message)
    .max(maxLength, 'is too long')
    .regex(HARMLESS, 'must not contain control characters')
    .refine((text) => text === '' || VISIBLE.test(text), 'must not be empty');
}

/** Halves of characters, which no database keeps, and what turns or breaks the line that others read. */
const HARMLESS = /^[^\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A day in a body, e.g. `2026-09-07`. */
export const dateSchema = z.iso
  .date('must be a date such as 2026-09-07')
  .refine((day) => day >= '2000-01-01' && day <= '2099-12-31', 'must be a date of this century');

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
    const isUnknown = issue.code === 'unrecognized_keys';
    const names = isUnknown
      ? issue.keys.map((key) => [...issue.path, key].join('.'))
      : [issue.path.join('.') || 'body'];
    const message = isUnknown
      ? 'is not known'
      : issue.path.length === 0 && issue.code === 'invalid_type'
        ? 'must be an object'
        : issue.message;
    for (const name of names) if (!fields.has(name)) fields.set(name, message);
  }
  throw badRequest(Object.fromEntries(fields));
}

/** Reads an id from a path. What cannot be an id does not exist: throws a 404. */
export function parseId(value: unknown): number {
  const id = typeof value === 'string' ? parseIdText(value) : undefined;
  if (id === undefined) throw notFound();
  return id;
}

/** The id that a text is, written as we write it. */
export function parseIdText(text: string): number | undefined {
  const id = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : MAX_ID + 1;
  return id > MAX_ID ? undefined : id;
}
