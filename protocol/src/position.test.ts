import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOSTILE } from './arbitrary.test.support.js';
import { comparePositions, covers, formatPosition, isPosition, type Position, parsePosition } from './position.js';

const epoch = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const offset = fc.maxSafeNat();
const position = fc.tuple(fc.constantFrom('e1', 'e2'), fc.nat(4)).map(([name, at]) => formatPosition(name, at));

describe('a position', () => {
  test('survives being written and read', () => {
    fc.assert(
      fc.property(epoch, offset, (name, at) => {
        expect(parsePosition(formatPosition(name, at))).toEqual({ epoch: name, offset: at });
      }),
    );
  });

  test('is read back as exactly what was written, or not at all', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_:-]{0,3}:?[-+0-9e. ]{0,17}$/), (text) => {
        const parsed = parsePosition(text);
        if (parsed) expect(formatPosition(parsed.epoch, parsed.offset)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  test('has an epoch of 64 characters and an offset of 2^53-1 at most', () => {
    expect(isPosition(`${'e'.repeat(64)}:9007199254740991`)).toBe(true);
    expect(isPosition(`${'e'.repeat(65)}:1`)).toBe(false);
    expect(isPosition('e:9007199254740992')).toBe(false);
    expect(isPosition('e:10000000000000000')).toBe(false);
  });

  test.each([
    '',
    ':',
    'e',
    'e:',
    ':1',
    'e:01',
    'e:-1',
    'e:+1',
    'e:1.0',
    'e:1e3',
    'e: 1',
    ' e:1',
    'e:1\n',
    'e:1:2',
    'é:1',
  ])('is not %j', (value) => {
    expect(isPosition(value)).toBe(false);
  });

  test.each(HOSTILE)('is not %s, and asking does not throw', (_, make) => {
    expect(isPosition(make())).toBe(false);
  });
});

describe('the order of positions', () => {
  test('follows the offset within an epoch', () => {
    expect(comparePositions('e:9', 'e:10')).toBe('older');
    expect(comparePositions('e:10', 'e:9')).toBe('newer');
    expect(comparePositions('e:10', 'e:10')).toBe('same');
  });

  test('does not exist between epochs, nor with anything malformed, even with itself', () => {
    expect(comparePositions('e:1', 'f:1')).toBe('unrelated');
    expect(comparePositions('e:1', 'E:1')).toBe('unrelated');
    const malformed = 'e:01' as Position;
    expect(comparePositions(malformed, 'e:1')).toBe('unrelated');
    expect(comparePositions('e:1', malformed)).toBe('unrelated');
    expect(comparePositions(malformed, malformed)).toBe('unrelated');
  });

  test('turns round when the sides do, and is transitive', () => {
    const turned = { older: 'newer', newer: 'older', same: 'same', unrelated: 'unrelated' } as const;
    fc.assert(
      fc.property(position, position, position, (a, b, c) => {
        expect(comparePositions(b, a)).toBe(turned[comparePositions(a, b)]);
        if (covers(a, b) && covers(b, c)) expect(covers(a, c)).toBe(true);
      }),
    );
  });
});

describe('a position covers', () => {
  test('itself and everything older of its epoch, and nothing else', () => {
    expect(covers('e:3', 'e:3')).toBe(true);
    expect(covers('e:3', 'e:2')).toBe(true);
    expect(covers('e:3', 'e:4')).toBe(false);
    expect(covers('e:3', 'f:2')).toBe(false);
  });

  test('another in both directions only when they are the same', () => {
    fc.assert(fc.property(position, position, (a, b) => (covers(a, b) && covers(b, a)) === (a === b)));
  });
});
