import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../config.js';

const OLD = 'old-token-of-a-backend';
const NEW = 'new+token/of~a-backend==';

const read = (PUBLISH_TOKEN: string) => readConfig({ PUBLISH_TOKEN }).publishTokens;

test('tokens stand side by side, each for all rooms or for those behind it', () => {
  expect(read(OLD)).toEqual([OLD]);
  expect(read(` ${OLD}\t${NEW}\r\n`)).toEqual([OLD, NEW]);
  expect(read(`${OLD} rooms=parent:,student:42 ${NEW}`)).toEqual([
    { token: OLD, rooms: ['parent:', 'student:42'] },
    NEW,
  ]);
  expect(read(`${OLD} ${NEW} rooms=parent:`)).toEqual([OLD, { token: NEW, rooms: ['parent:'] }]);
});

test('whatever was one token before there could be several is that one still', () => {
  const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  const token = fc.string({ unit: visible, minLength: 16, maxLength: 80 }).filter((text) => !text.includes(','));
  fc.assert(
    fc.property(token, (text) => {
      expect(read(text)).toEqual([text]);
    }),
  );
  // These too, though they look like something else.
  for (const text of ['rooms=parent:student', 'user@parent:|student:', `"${OLD}"`, `${OLD};${NEW}`]) {
    expect(read(text)).toEqual([text]);
  }
});

const REFUSED: [name: string, value: string, rule: RegExp][] = [
  ['a short token', 'short', /at least 16 characters/],
  ['a short token behind a good one', `${OLD} S3CRET`, /at least 16 characters/],
  ['commas between tokens', `${OLD},${NEW}`, /separated by spaces/],
  ['other letters', `${OLD}é`, /printable ASCII/],
  ['a space that is none', `${OLD}\u00a0${NEW}`, /printable ASCII/],
  ['a control character', `${OLD}\u0000`, /printable ASCII/],
  ['one twice', `${OLD} ${NEW} ${OLD}`, /twice/],
  ['one twice, once for some rooms', `${OLD} ${OLD} rooms=parent:`, /twice/],
  ['rooms twice', `${OLD} rooms=parent: rooms=student:`, /once/],
  ['no rooms', `${OLD} rooms=`, /rooms=/],
  ['a kind without its colon', `${OLD} rooms=S3CRET`, /rooms=/],
  ['a pattern', `${OLD} rooms=parent:4*`, /rooms=/],
  ['a comma too many', `${OLD} rooms=parent:,`, /rooms=/],
  ['a space between rooms', `${OLD} rooms=parent:, student:`, /rooms=/],
  ['a new token that looks like rooms', `${OLD} rooms=S3CRET-token`, /rooms=/],
];
test.each(REFUSED)('refused, without its value: %s', (_name, value, rule) => {
  let said = '';
  try {
    read(value);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    said = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
    expect(error.problems).toEqual([{ variable: 'PUBLISH_TOKEN', message: expect.stringMatching(rule) }]);
  }
  expect(said).not.toBe('');
  for (const secret of [OLD, NEW, 'S3CRET', 'short.']) expect(said).not.toContain(secret);
});
