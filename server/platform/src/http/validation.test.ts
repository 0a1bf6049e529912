import { expect, test } from 'vitest';
import { z } from 'zod';
import { dateSchema, idSchema, parseBody, proseSchema, textSchema } from './validation.js';

const reportSchema = z.strictObject({
  weekStartDate: dateSchema,
  title: textSchema(200),
  summary: proseSchema(10_000),
});
const bulkSchema = z.strictObject({ subjects: z.array(z.strictObject({ subjectId: idSchema })) });

const REPORT = { weekStartDate: '2026-11-30', title: 'A week', summary: 'Two lines\n\tof it.' };

/** What a body is refused with. */
function refusalOf(schema: z.ZodType, body: unknown): unknown {
  try {
    parseBody(schema, body);
  } catch (error) {
    return error;
  }
  throw new Error('the body was let through');
}

test.each(['2000-01-01', '2026-09-07', '2099-12-31'])('%s is a date', (weekStartDate) => {
  expect(parseBody(reportSchema, { ...REPORT, weekStartDate })).toEqual({ ...REPORT, weekStartDate });
});

test.each(['0000-01-01', '1999-12-31', '2100-01-01', '9999-12-31', '2026-02-30', 'Monday'])(
  '%s as a date is refused under the name of its field',
  (weekStartDate) => {
    const fields = { weekStartDate: expect.stringMatching(/date/) };
    expect(refusalOf(reportSchema, { ...REPORT, weekStartDate })).toMatchObject({ status: 400, fields });
  },
);

const FIELDS = ['title', 'summary'] as const;
const BAD_TEXTS = [
  ['that shows nothing', '\u200b\u200b', 'must not be empty'],
  ['that turns the line around', 'Anna \u202e.gnp', 'must not contain control characters'],
  ['with half a character', 'Anna \ud800', 'must not contain control characters'],
  ['with a NUL', 'Anna \u0000', 'must not contain control characters'],
] as const;

test.each(FIELDS.flatMap((name) => BAD_TEXTS.map((bad) => [name, ...bad] as const)))(
  'a %s %s is refused under the name of its field',
  (name, _what, text, message) => {
    expect(refusalOf(reportSchema, { ...REPORT, [name]: text })).toMatchObject({
      status: 400,
      fields: { [name]: message },
    });
  },
);

test.each(['Ивáн', '🦉', '👩‍👧', 'نص', 'a\u200bb', '…'])('%s is a text', (title) => {
  expect(parseBody(reportSchema, { ...REPORT, title })).toMatchObject({ title });
});

test('an unknown field is named with where it stands', () => {
  const body = { subjects: [{ subjectId: 1, x: 1 }], y: 1 };
  const fields = { 'subjects.0.x': 'is not known', y: 'is not known' };
  expect(refusalOf(bulkSchema, body)).toMatchObject({ status: 400, fields });
});

test.each([[[]], ['text'], [1]])('%j is no body: it must be an object', (body) => {
  expect(refusalOf(bulkSchema, body)).toMatchObject({ status: 400, fields: { body: 'must be an object' } });
});
