import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOSTILE, json, nested, queryKey, utf8Length } from './arbitrary.test.support.js';
import { MAX_KEY_BYTES, MAX_KEY_DEPTH, MAX_KEY_ELEMENTS } from './limits.js';
import { canonicalForm, isQueryKey, type JsonValue, queryKeyProblem } from './query-key.js';

describe('the canonical form', () => {
  test('sorts names by UTF-16 code units, as the example of RFC 8785 3.2.3 does', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalForm(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}');
  });

  test.each([
    [Number('333333333.33333329'), '333333333.3333333'],
    [4.5, '4.5'],
    [2e-3, '0.002'],
    [1e-27, '1e-27'],
    [1e-7, '1e-7'],
    [0.000001, '0.000001'],
    [9007199254740991, '9007199254740991'],
    [-9007199254740991, '-9007199254740991'],
    [5e-324, '5e-324'],
    [0, '0'],
  ])('writes the number %d as RFC 8785 does', (value, text) => {
    expect(canonicalForm(value)).toBe(text);
  });

  test('escapes exactly what RFC 8785 3.2.2.2 escapes', () => {
    expect(canonicalForm('€$\u000F\nA\'B"\\\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
    expect(canonicalForm('\b\t\f\r\u0000\u001f\u007f\u2028')).toBe('"\\b\\t\\f\\r\\u0000\\u001f\u007f\u2028"');
  });

  test('does not depend on the order of names, at any depth', () => {
    fc.assert(fc.property(json(3), (value) => canonicalForm(reversed(value)) === canonicalForm(value)));
  });

  test('survives a round trip through JSON', () => {
    fc.assert(
      fc.property(json(3), (value) => {
        const form = canonicalForm(value);
        expect(canonicalForm(JSON.parse(JSON.stringify(value)))).toBe(form);
        expect(canonicalForm(JSON.parse(form))).toBe(form);
      }),
    );
  });

  test('is the same for two values exactly when they are equal', () => {
    const small = fc.constantFrom<JsonValue>(1, '1', true, 'true', null, 'null', [], {}, [1], { a: 1, b: 2 }, '[1]');
    const either = fc.oneof(small, fc.array(small, { maxLength: 2 }), fc.dictionary(fc.constantFrom('a', 'b'), small));
    fc.assert(
      fc.property(either, either, (left, right) => {
        expect(canonicalForm(left) === canonicalForm(right)).toBe(equal(left, right));
      }),
      { numRuns: 500 },
    );
  });

  test('keeps 7 and "7" apart, and null and absence', () => {
    expect(canonicalForm(['a', 7])).not.toBe(canonicalForm(['a', '7']));
    expect(canonicalForm(['a', { b: null }])).not.toBe(canonicalForm(['a', {}]));
    expect(canonicalForm(['a'])).not.toBe(canonicalForm(['a', null]));
  });

  test('holds names that objects inherit like any other name', () => {
    const value = JSON.parse('{"constructor":1,"__proto__":{"polluted":true}}') as JsonValue;
    expect(canonicalForm(value)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('a query key', () => {
  test('is any JSON array within the limits that begins with a non-empty string', () => {
    fc.assert(fc.property(queryKey, (key) => queryKeyProblem(key) === undefined));
  });

  test('stays one after a trip through JSON', () => {
    fc.assert(fc.property(queryKey, (key) => isQueryKey(JSON.parse(JSON.stringify(key)))));
  });

  test.each([
    ['empty', []],
    ['led by an empty string', ['']],
    ['led by a number', [1]],
    ['led by an object', [{}]],
    ['a string', 'a'],
    ['an object', { 0: 'a', length: 1 }],
    ['null', null],
  ])('is refused when it is %s', (_, value) => {
    expect(isQueryKey(value)).toBe(false);
  });

  test(`has ${MAX_KEY_ELEMENTS} elements and not one more`, () => {
    expect(isQueryKey(Array.from({ length: MAX_KEY_ELEMENTS }, () => 'a'))).toBe(true);
    expect(queryKeyProblem(Array.from({ length: MAX_KEY_ELEMENTS + 1 }, () => 'a'))).toMatch(/at most 16 elements/);
  });

  test(`nests ${MAX_KEY_DEPTH} levels, itself included, and not one more`, () => {
    expect(isQueryKey(['a', nested(MAX_KEY_DEPTH - 1)])).toBe(true);
    expect(queryKeyProblem(['a', nested(MAX_KEY_DEPTH)])).toMatch(/at most 4 levels/);
    expect(isQueryKey(['a', { b: { c: { d: 1 } } }])).toBe(true);
    expect(isQueryKey(['a', { b: { c: { d: {} } } }])).toBe(false);
  });

  test.each([
    ['one byte', 'a', 1],
    ['two bytes', 'ö', 2],
    ['three bytes', '€', 3],
    ['four bytes', '😀', 4],
    ['six bytes escaped', '\u0001', 6],
  ])(`has ${MAX_KEY_BYTES} bytes in characters of %s and not one more`, (_, character, size) => {
    const room = MAX_KEY_BYTES - 4;
    const fitting = character.repeat(Math.floor(room / size)) + 'a'.repeat(room % size);
    expect(utf8Length(JSON.stringify([fitting]))).toBe(MAX_KEY_BYTES);
    expect(isQueryKey([fitting])).toBe(true);
    expect(queryKeyProblem([`${fitting}a`])).toBe('a query key has at most 1024 bytes, got 1025');
  });

  test('counts bytes of the canonical form, not of how it was written', () => {
    const name = 'n'.repeat(MAX_KEY_BYTES - '["a",{"":1}]'.length);
    expect(isQueryKey(['a', { [name]: 1 }])).toBe(true);
    expect(isQueryKey(['a', { [`${name}n`]: 1 }])).toBe(false);
    expect(isQueryKey(JSON.parse(`${' '.repeat(5_000)}["a",${'\n'.repeat(5_000)}1.000]`))).toBe(true);
  });

  test('holds integers up to 2^53-1 and not one more, on either side of zero', () => {
    expect(isQueryKey(['a', 2 ** 53 - 1, -(2 ** 53 - 1)])).toBe(true);
    expect(queryKeyProblem(['a', 2 ** 53])).toMatch(/2\^53-1/);
    expect(queryKeyProblem(['a', -(2 ** 53)])).toMatch(/2\^53-1/);
    expect(isQueryKey(['a', 1.5, 1e-300])).toBe(true);
  });

  test('holds plain objects of another realm, and names that objects inherit', () => {
    expect(isQueryKey(['a', Object.create(null)])).toBe(true);
    expect(isQueryKey(['a', Object.create(Object.create(null))])).toBe(true);
    expect(isQueryKey(JSON.parse('["a",{"__proto__":1,"constructor":{"prototype":2},"toJSON":3}]'))).toBe(true);
  });

  test.each(HOSTILE)('is refused, without a throw, with %s inside', (_, make) => {
    expect(isQueryKey(make())).toBe(false);
    expect(isQueryKey([make()])).toBe(false);
    expect(isQueryKey(['a', make()])).toBe(false);
    expect(isQueryKey(['a', { b: [make()] }])).toBe(false);
  });

  test('is named by the rule it breaks, never by its content', () => {
    const secret = 'hunter2-'.repeat(200);
    for (const key of [[secret], ['a', secret], ['a', { [secret]: 1 }], ['a', new Map([[secret, secret]])], secret]) {
      expect(queryKeyProblem(key)).toMatch(/^a query key /);
      expect(queryKeyProblem(key)).not.toContain('hunter2');
    }
  });
});

function reversed(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

function equal(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  const names = Object.keys(left);
  if (Array.isArray(left) !== Array.isArray(right) || names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && equal(Reflect.get(left, name), Reflect.get(right, name)));
}
