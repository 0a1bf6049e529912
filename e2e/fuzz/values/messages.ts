/** Good messages, up to their limits and with whatever text the limits allow. */
import fc from 'fast-check';
import { nastyText } from './nasty.js';

/** Few rooms, so that they are met again, each kind of character in them and the longest of all. */
export const ROOMS = ['parent:1', 'parent:2', 'class:A_z.-9', `${'k'.repeat(32)}:${'i'.repeat(64)}`] as const;

export const room: fc.Arbitrary<string> = fc.constantFrom(...ROOMS);

/** Mostly of whole characters, control characters and astral ones among them. */
const text = fc.oneof(
  { weight: 9, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: nastyText },
);

const scalar = fc.oneof(text, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));

/** Mostly within the limits. */
export const key: fc.Arbitrary<unknown[]> = fc
  .tuple(
    fc.oneof(fc.constantFrom('a', 'parent-dashboard'), text),
    fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.dictionary(text, scalar, { maxKeys: 2 })), {
      maxLength: 3,
    }),
  )
  .map(([root, rest]) => [root, ...rest]);

const keys = fc.oneof(
  { weight: 4, arbitrary: fc.array(key, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(64, 65).map((length) => Array.from({ length }, (_, at) => ['a', at])) },
);

const extras = {
  id: text,
  reason: fc.constantFrom('x', 'grade.changed', 'r'.repeat(64)),
  spreadMs: fc.constantFrom(0, 1, 300_000),
};

export const invalidation: fc.Arbitrary<object> = fc.record(
  { rooms: fc.array(room, { minLength: 1, maxLength: 3 }), keys, ...extras },
  { requiredKeys: ['rooms', 'keys'] },
);

export const position: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('e', 'E'.repeat(64), '0_-'), fc.constantFrom(0, 1, 2, Number.MAX_SAFE_INTEGER))
  .map(([epoch, offset]) => `${epoch}:${offset}`);

export const envelope: fc.Arbitrary<object> = fc.record(
  {
    // Now and then of another room than the channel's.
    room: fc.oneof({ weight: 9, arbitrary: fc.constant<string>(ROOMS[0]) }, { weight: 1, arbitrary: room }),
    prev: position,
    position,
    keys,
    at: fc.constantFrom(0, 1_700_000_000_000),
    ...extras,
  },
  { requiredKeys: ['room', 'prev', 'position', 'keys', 'at'] },
);
