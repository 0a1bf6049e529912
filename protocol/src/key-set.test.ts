import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryKey, similarKey } from './arbitrary.test.support.js';
import { isKeyPrefix, keySet, reduceKeys } from './key-set.js';
import { canonicalForm, type JsonValue, type QueryKey } from './query-key.js';

const similarKeys = fc.array(similarKey, { maxLength: 8 });

/** What a list of pushed keys invalidates, by the definition: the queries that one of them leads. */
function matches(keys: readonly QueryKey[], query: QueryKey): boolean {
  return keys.some((key) => canonicalForm(query.slice(0, key.length)) === canonicalForm(key));
}

function forms(keys: Iterable<QueryKey>): string[] {
  return [...keys].map((key) => canonicalForm(key)).sort();
}

describe('a key set', () => {
  test('holds a key once, however its names are ordered', () => {
    const set = keySet([['a', { x: 1, y: 2 }], ['b'], ['a', { y: 2, x: 1 }]]);
    expect([...set.keys()]).toEqual(['["a",{"x":1,"y":2}]', '["b"]']);
  });

  test('finds every key by its canonical form', () => {
    fc.assert(
      fc.property(fc.array(queryKey, { maxLength: 5 }), (keys) => {
        const set = keySet(keys);
        for (const key of keys) expect(forms([set.get(canonicalForm(key)) ?? ['absent']])).toEqual(forms([key]));
        expect(set.size).toBe(new Set(forms(keys)).size);
      }),
    );
  });
});

describe('a key prefix', () => {
  test('is itself, and leads every longer key that begins with it', () => {
    fc.assert(
      fc.property(similarKey, fc.array(fc.constantFrom<JsonValue>(1, 'x', null)), (key, rest) => {
        expect(isKeyPrefix(key, [...key, ...rest])).toBe(true);
        expect(isKeyPrefix([...key, ...rest], key)).toBe(rest.length === 0);
      }),
    );
  });

  test('is by elements, compared whole: an object is never a subset of another', () => {
    expect(isKeyPrefix(['a', { x: 1 }], ['a', { x: 1, y: 2 }])).toBe(false);
    expect(isKeyPrefix(['a', [1]], ['a', [1, 2]])).toBe(false);
    expect(isKeyPrefix(['a', { x: 1, y: 2 }], ['a', { y: 2, x: 1 }, 3])).toBe(true);
    expect(isKeyPrefix(['a'], ['ab'])).toBe(false);
    expect(isKeyPrefix(['a', 7], ['a', '7'])).toBe(false);
    expect(isKeyPrefix(['a', null], ['a'])).toBe(false);
  });

  test('agrees with the canonical form of the leading elements', () => {
    fc.assert(
      fc.property(similarKey, similarKey, (left, right) => isKeyPrefix(left, right) === matches([left], right)),
    );
  });
});

describe('reduced keys', () => {
  test('drop what a shorter key already says, and keep the order of the rest', () => {
    expect(reduceKeys([['b', 2], ['a', 1], ['b', 2, 3], ['a'], ['b', 2]])).toEqual([['b', 2], ['a']]);
    expect(reduceKeys([])).toEqual([]);
  });

  test('keep an object and its superset: one does not stand for the other', () => {
    expect(
      reduceKeys([
        ['a', { x: 1 }],
        ['a', { x: 1, y: 2 }],
      ]),
    ).toHaveLength(2);
  });

  test('match exactly the queries that all the keys match', () => {
    fc.assert(
      fc.property(similarKeys, fc.array(similarKey, { minLength: 1 }), (keys, queries) => {
        const reduced = reduceKeys(keys);
        for (const query of [...queries, ...keys]) expect(matches(reduced, query)).toBe(matches(keys, query));
      }),
    );
  });

  test('are as few as possible: none leads another', () => {
    fc.assert(
      fc.property(similarKeys, (keys) => {
        const reduced = reduceKeys(keys);
        for (const key of reduced) expect(reduced.filter((other) => isKeyPrefix(other, key))).toEqual([key]);
      }),
    );
  });

  test('are the same again when reduced again, and in whatever order and groups they arrive', () => {
    const shuffled = similarKeys.chain((keys) =>
      fc.tuple(fc.constant(keys), fc.shuffledSubarray(keys, { minLength: keys.length }), fc.nat(keys.length)),
    );
    fc.assert(
      fc.property(shuffled, ([keys, other, cut]) => {
        const reduced = reduceKeys(keys);
        expect(reduceKeys(reduced)).toEqual(reduced);
        expect(forms(reduceKeys(other))).toEqual(forms(reduced));
        expect(forms(reduceKeys([...reduceKeys(keys.slice(0, cut)), ...keys.slice(cut)]))).toEqual(forms(reduced));
      }),
    );
  });
});
