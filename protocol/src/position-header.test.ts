import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPosition } from './position.js';
import { formatPositionHeader, parsePositionHeader } from './position-header.js';
import { isRoom, type Room } from './room.js';

const room = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,31}:[A-Za-z0-9_.-]{1,64}$/)
  .filter((value): value is Room => isRoom(value));
const position = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), fc.maxSafeNat())
  .map(([e, o]) => formatPosition(e, o));

describe('the position header', () => {
  test('reads as PROTOCOL.md shows it', () => {
    expect(formatPositionHeader({ 'parent:42': 'k3:18', 'class:7': 'k3:2' })).toBe('parent:42=k3:18, class:7=k3:2');
    expect(formatPositionHeader({})).toBe('');
  });

  test('survives being written and read', () => {
    fc.assert(
      fc.property(fc.dictionary(room, position, { maxKeys: 5 }), (positions) => {
        expect(parsePositionHeader(formatPositionHeader(positions))).toEqual({ ...positions });
      }),
    );
  });

  test('is one header field: printable ASCII without line breaks', () => {
    fc.assert(
      fc.property(fc.dictionary(room, position, { maxKeys: 5 }), (positions) =>
        /^[\x20-\x7e]*$/.test(formatPositionHeader(positions)),
      ),
    );
  });

  test('loses only the entries that are malformed', () => {
    expect(parsePositionHeader('a:1=e:1,b:2=e:x, c:3 , =e:1, d:4=e:1=2,,E:5=e:1,f:6=e:6')).toEqual({
      'a:1': 'e:1',
      'f:6': 'e:6',
    });
  });

  test('says nothing about a room that it names twice: no one knows which position is the old one', () => {
    expect(parsePositionHeader('a:1=e:1, b:1=e:1, a:1=e:2')).toEqual({ 'b:1': 'e:1' });
    expect(parsePositionHeader('a:1=e:1, a:1=e:2, a:1=e:3')).toEqual({});
    expect(parsePositionHeader('a:1=junk, a:1=e:2')).toEqual({});
  });

  test('cannot name anything that objects inherit', () => {
    const positions = parsePositionHeader('__proto__=e:1, constructor=e:1, constructor:1=e:2');
    expect(Object.entries(positions)).toEqual([['constructor:1', 'e:2']]);
    expect(Object.getPrototypeOf(positions)).toBe(Object.prototype);
  });

  test('takes any text without a throw, a megabyte of separators included', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => typeof parsePositionHeader(value) === 'object'));
    expect(parsePositionHeader(',='.repeat(500_000))).toEqual({});
  });
});
