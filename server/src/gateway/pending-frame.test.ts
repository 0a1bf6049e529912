import { formatPosition, MAX_SERVER_FRAME_BYTES, MAX_SERVER_FRAME_KEYS, type QueryKey } from '@querycast/protocol';
import { describe, expect, it } from 'vitest';
import { addStretch, exceedsFrame, mergeFrames, type Pending, type Stretch } from './pending-frame.js';

function stretch(offset: number, keys: QueryKey[], more: Partial<Stretch> = {}): Stretch {
  return { prev: formatPosition('e', offset - 1), position: formatPosition('e', offset), keys, at: offset, ...more };
}

function pendingOf(stretches: Stretch[]): Pending {
  const pending = stretches.reduce<Pending | undefined>(addStretch, undefined);
  if (!pending) throw new Error('the test gave no stretch');
  return pending;
}

const merge = (...stretches: Stretch[]) => mergeFrames('parent:1', pendingOf(stretches), true);

/** Keys of which each takes about `bytes` bytes. */
const largeKeys = (count: number, bytes: number, tag = 'k'): QueryKey[] =>
  Array.from({ length: count }, (_, index) => [`${tag}${index}`, 'x'.repeat(bytes - 20)]);

describe('merging frames', () => {
  it('reaches from the first prev to the last position with the union of keys, the oldest time and the largest spread', () => {
    expect(merge(stretch(1, [['a'], ['b', 1]], { spreadMs: 5 }), stretch(2, [['b']], { at: 0, spreadMs: 3 }))).toEqual([
      {
        event: 'invalidate',
        message: { room: 'parent:1', prev: 'e:0', position: 'e:2', keys: [['a'], ['b']], at: 0, spreadMs: 5 },
      },
    ]);
  });

  it('does not drop a key for an object subset, which clients may match either way', () => {
    const [frame] = merge(stretch(1, [['a', { x: 1 }]]), stretch(2, [['a', { x: 1, y: 2 }]]));
    expect(frame?.message).toHaveProperty('keys', [
      ['a', { x: 1 }],
      ['a', { x: 1, y: 2 }],
    ]);
  });

  it('starts another frame, contiguous with the first, where one would be too large', () => {
    const half = Math.floor(MAX_SERVER_FRAME_BYTES / 2 / 1_000);
    const frames = merge(
      stretch(1, largeKeys(half, 1_000, 'a')),
      stretch(2, largeKeys(half, 1_000, 'b')),
      stretch(3, largeKeys(half, 1_000, 'c')),
    );
    expect(frames.length).toBeGreaterThan(1);
    frames.forEach((frame, index) => {
      expect(JSON.stringify(frame.message).length).toBeLessThanOrEqual(MAX_SERVER_FRAME_BYTES);
      if (index > 0 && frame.event === 'invalidate') {
        expect(frame.message.prev).toBe(frames[index - 1]?.message.position);
      }
    });
    expect(frames.at(-1)?.message.position).toBe('e:3');
  });

  it('counts a repeated key once', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => stretch(index + 1, [['same']]));
    expect(merge(...many)).toHaveLength(1);
  });

  it('turns a stretch too large for any frame into a resync that stands for what came before', () => {
    const [first, large] = [stretch(1, [['a']], { spreadMs: 7 }), stretch(2, largeKeys(100, 1_000), { spreadMs: 5 })];
    const frames = merge(first, large, stretch(3, [['c']]));
    expect(frames).toMatchObject([
      { event: 'resync', message: { position: 'e:2', reason: 'overflow', spreadMs: 7 } },
      { event: 'invalidate', message: { prev: 'e:2', position: 'e:3', keys: [['c']] } },
    ]);
  });

  it('knows the limits of a row', () => {
    const keys = (count: number): QueryKey[] => Array.from({ length: count }, (_, index) => [`k${index}`]);
    expect(exceedsFrame(keys(MAX_SERVER_FRAME_KEYS))).toBe(false);
    expect(exceedsFrame(keys(MAX_SERVER_FRAME_KEYS + 1))).toBe(true);
  });
});
