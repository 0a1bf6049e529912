/** Random and hostile values for the tests of this package. Not shipped. */
import fc from 'fast-check';
import type { JsonValue, QueryKey } from './query-key.js';

/** Names that make trouble where objects are copied carelessly. */
const TREACHEROUS_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'hasOwnProperty', ''];

/** Text of whole code points, control characters and astral ones included. */
export const text = fc.string({ unit: 'binary', maxLength: 6 });

const name = fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: fc.constantFrom(...TREACHEROUS_NAMES) });

const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 9 }),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value))),
);

/** JSON values nesting at most `levels` deep, with nothing a query key must not hold. */
export function json(levels: number): fc.Arbitrary<JsonValue> {
  const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
  if (levels === 0) return scalar;
  const inner = json(levels - 1);
  return fc.oneof(
    { weight: 2, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(inner, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fc.tuple(name, inner), { maxLength: 3 }).map((list) => Object.fromEntries(list)) },
  );
}

/** Query keys within every limit. */
export const queryKey: fc.Arbitrary<QueryKey> = fc
  .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), fc.array(json(3), { maxLength: 3 }))
  .map(([root, rest]): QueryKey => [root, ...rest])
  .filter((key) => utf8Length(JSON.stringify(key)) <= 1_024);

/** Query keys from so small a world that equal ones and prefixes of each other are common. */
export const similarKey: fc.Arbitrary<QueryKey> = fc
  .tuple(
    fc.constantFrom('a', 'b'),
    fc.array(fc.constantFrom<JsonValue>(1, '1', null, { x: 1, y: 2 }, { y: 2, x: 1 }, { x: 1 }, [1]), { maxLength: 3 }),
  )
  .map(([root, rest]) => [root, ...rest]);

/** UTF-8 length of well-formed text, by the definition of percent encoding: independent of the code under test. */
export function utf8Length(value: string): number {
  return encodeURIComponent(value).replace(/%../g, '.').length;
}

/** Arrays inside each other, `levels` deep. */
export function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

function cyclic(): unknown {
  const array: unknown[] = ['a'];
  array.push({ array });
  return array;
}

/** One array shared so often that walking all of it would take years. */
function shared(): unknown {
  let value: unknown = Array.from({ length: 1_000 }, () => 0);
  for (let level = 0; level < 2; level += 1) value = Array.from({ length: 1_000 }).fill(value);
  return value;
}

function fail(): never {
  throw new Error('thrown by hostile input');
}

/** Values that are not JSON, or that JSON can hold and query keys must not. None may make a checker throw or hang. */
export const HOSTILE: readonly (readonly [string, () => unknown])[] = [
  ['undefined', () => undefined],
  ['a function', () => () => 'a'],
  ['a symbol', () => Symbol('a')],
  ['a bigint', () => 10n],
  ['NaN', () => Number.NaN],
  ['infinity', () => Number.POSITIVE_INFINITY],
  ['minus infinity', () => Number.NEGATIVE_INFINITY],
  ['minus zero', () => -0],
  ['2^53', () => 2 ** 53],
  ['minus 2^53', () => -(2 ** 53)],
  ['an enormous integer', () => 1e300],
  ['a high surrogate alone', () => 'a\ud800b'],
  ['a low surrogate alone', () => '\udc00'],
  ['swapped surrogates', () => '\udc00\ud800'],
  ['a lone surrogate in a name', () => ({ '\ud800': 1 })],
  ['a date', () => new Date(0)],
  ['a map', () => new Map([['a', 1]])],
  ['a set', () => new Set(['a'])],
  ['a regular expression', () => /a/],
  ['a boxed string', () => Object('a')],
  ['a boxed bigint', () => Object(10n)],
  ['a typed array', () => new Uint8Array(4)],
  ['a promise', () => Promise.resolve('a')],
  ['a class instance', () => new (class Key {})()],
  ['an object with toJSON', () => ({ toJSON: () => 'a' })],
  ['an object inheriting from data', () => Object.create({ a: 1 })],
  ['an array with toJSON', () => Object.assign(['a'], { toJSON: () => ['b'] })],
  ['an array with a throwing toJSON', () => Object.assign(['a'], { toJSON: fail })],
  ['an array with an endless iterator', () => Object.assign([undefined], { [Symbol.iterator]: fail })],
  ['an object with an undefined member', () => ({ a: undefined })],
  ['an array with a hole', () => Object.assign(['a'], { length: 2 })],
  ['an array of holes only', () => new Array(3)],
  ['the longest array there is', () => new Array(2 ** 32 - 1)],
  ['an array of a million', () => new Array(1_000_000).fill('a')],
  ['a string of a million', () => 'a'.repeat(1_000_000)],
  ['an object of a hundred thousand members', () => Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [i, i]))],
  ['100,000 nested arrays', () => nested(100_000)],
  ['100,000 nested objects', () => JSON.parse('{"a":'.repeat(100_000) + 1 + '}'.repeat(100_000))],
  ['a cycle', cyclic],
  ['a billion shared elements', shared],
  ['a throwing getter', () => Object.defineProperty({}, 'a', { get: fail, enumerable: true })],
  ['a throwing getter in an array', () => Object.defineProperty(['a', 'b'], 1, { get: fail, enumerable: true })],
  ['a throwing toJSON getter', () => Object.defineProperty({}, 'toJSON', { get: fail })],
  ['a throwing proxy', () => new Proxy({}, { get: fail, getPrototypeOf: fail, ownKeys: fail, has: fail })],
  ['a throwing array proxy', () => new Proxy(['a'], { get: fail, getPrototypeOf: fail, ownKeys: fail, has: fail })],
  ['a revoked proxy', () => revoked({})],
  ['a revoked array proxy', () => revoked([])],
];

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}
