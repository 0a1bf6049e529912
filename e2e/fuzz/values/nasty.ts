/** Values that parsers have stumbled over, at every door and in every parser of the world. */
import fc from 'fast-check';

/** Text of JSON that no value of JavaScript would be written as. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Names that make trouble where objects are copied carelessly. */
export const TREACHEROUS_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'toJSON',
  'hasOwnProperty',
  'length',
  'then',
  '',
  '\u0000',
  '\ud800',
];

const NASTY_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'a\udc00b',
  '\udc00\ud800',
  '\ufeff',
  '\u2028',
  '\u202e',
  '\u{1f600}',
  '\r\n',
  'parent:1\n',
  '../../etc/passwd',
  '%00',
  '%ff',
  "' OR 1=1 --",
  '{"a":1}',
  '[]',
  'null',
  'NaN',
  'a:1:2',
  'e:01',
  'e:9007199254740993',
  'querycast:room:parent:1',
  ...TREACHEROUS_NAMES,
];

const NASTY_NUMBERS = [
  0,
  1,
  -1,
  0.5,
  64,
  65,
  256,
  257,
  300_000,
  300_001,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e21,
  1e300,
  5e-324,
];

const RAW = [
  '-0',
  '1e999',
  '-1e999',
  '9007199254740993',
  '0.1e-400',
  '1E+2',
  '"\\ud800"',
  '"\\u0000"',
  '{"a":1,"a":2}',
];

/** Text that is hostile, merely random, or as long as a limit has it, and one beside that. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(31, 32, 33, 63, 64, 65, 1_023, 1_024, 1_025).map((length) => 'x'.repeat(length)),
  },
  { weight: 1, arbitrary: fc.constantFrom(340, 342, 1_030).map((length) => '\u20ac'.repeat(length)) },
);

/** Arrays or objects inside each other. */
const nesting = fc
  .tuple(fc.constantFrom(2, 3, 4, 5, 100, 2_000), fc.boolean())
  .map(
    ([levels, isArray]) => new Raw((isArray ? '[' : '{"a":').repeat(levels) + 1 + (isArray ? ']' : '}').repeat(levels)),
  );

/** Any JSON, also such as only its text can say. */
export const nastyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: nastyText },
  { weight: 2, arbitrary: fc.constantFrom(...NASTY_NUMBERS) },
  { weight: 1, arbitrary: fc.constantFrom(...RAW).map((text) => new Raw(text)) },
  { weight: 1, arbitrary: fc.constantFrom(true, false, null, {}, []) },
  { weight: 1, arbitrary: nesting },
  { weight: 1, arbitrary: fc.constantFrom(16, 17, 64, 65, 256, 257).map((length) => Array(length).fill('a')) },
  { weight: 1, arbitrary: fc.array(nastyText, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(fc.oneof(nastyText, fc.constantFrom(...TREACHEROUS_NAMES)), nastyText), { maxLength: 3 })
      .map((entries) => objectOf(entries)),
  },
);

/** An object with exactly these members, `__proto__` among them if it is told. */
export function objectOf(entries: Iterable<readonly [string, unknown]>): object {
  const object = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/** The JSON text of a value with {@link Raw} parts. */
export function write(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`)
    .join(',')}}`;
}
