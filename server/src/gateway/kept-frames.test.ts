import { formatPosition, MAX_SERVER_FRAME_KEYS, type QueryKey } from '@querycast/protocol';
import { describe, expect, it } from 'vitest';
import { type Kept, keepFrame, keptFrame } from './kept-frames.js';
import type { Frame } from './pending-frame.js';

const at = (offset: number) => formatPosition('e', offset);

function frame(offset: number, keys: QueryKey[], more: { spreadMs?: number; reason?: string } = {}): Frame {
  return {
    event: 'invalidate',
    message: { room: 'a:1', prev: at(offset - 1), position: at(offset), keys, at: offset, ...more },
  };
}

const resync = (offset: number, more: { spreadMs?: number } = {}): Frame => ({
  event: 'resync',
  message: { room: 'a:1', position: at(offset), reason: 'epoch', ...more },
});

const keep = (...frames: Frame[]) => frames.reduce<Kept | undefined>(keepFrame, undefined) as Kept;
const leaving = (...frames: Frame[]) => keptFrame('a:1', keep(...frames));
const distinct = (count: number) => Array.from({ length: count }, (_, index) => frame(index + 1, [['k', index]]));

describe('frames that are kept back', () => {
  it('leave as one, from the first prev to the last position, with each key once', () => {
    expect(leaving(frame(3, [['a']], { spreadMs: 9 }), frame(4, [['b']]), frame(5, [['a', 1]]))).toEqual({
      event: 'invalidate',
      message: { room: 'a:1', prev: at(2), position: at(5), keys: [['a'], ['b']], at: 3, spreadMs: 9 },
    });
  });

  it('keep a reason that all of them have', () => {
    const [first, last] = [frame(1, [['a']], { reason: 'r' }), frame(2, [['b']], { reason: 'r' })];
    expect(leaving(first, last).message).toMatchObject({ reason: 'r' });
    expect(leaving(first, frame(2, [['b']])).message).not.toHaveProperty('reason');
  });

  it('are as many as their distinct keys, however often these come', () => {
    const frames = Array.from({ length: 10_000 }, (_, index) => frame(index + 1, [['k', index % 200]]));
    let kept: Kept | undefined;
    for (const next of frames) {
      kept = keepFrame(kept, next);
      expect('keys' in kept && kept.keys).toBeLessThanOrEqual(2 * MAX_SERVER_FRAME_KEYS);
    }
    const { message } = keptFrame('a:1', kept as Kept);
    expect(message).toMatchObject({ prev: at(0), position: at(10_000) });
    expect('keys' in message && message.keys).toHaveLength(200);
  });

  it('become one resync at the newest position when their keys do not fit into a frame', () => {
    expect(leaving(...distinct(MAX_SERVER_FRAME_KEYS)).event).toBe('invalidate');
    for (const count of [MAX_SERVER_FRAME_KEYS + 1, 3 * MAX_SERVER_FRAME_KEYS]) {
      expect(leaving(...distinct(count))).toEqual({
        event: 'resync',
        message: { room: 'a:1', position: at(count), reason: 'overflow' },
      });
    }
  });

  it('are let go of once there is a resync: nothing but its position and its spread grows', () => {
    const kept = keep(...distinct(600), frame(601, [['z']], { spreadMs: 70 }));
    expect(kept).toEqual({ resync: { room: 'a:1', position: at(601), reason: 'overflow', spreadMs: 70 } });
  });

  it('give way to a resync of the whole room, which takes what follows with it', () => {
    expect(leaving(frame(1, [['a']], { spreadMs: 5 }), resync(7, { spreadMs: 3 }), frame(8, [['b']]))).toEqual({
      event: 'resync',
      message: { room: 'a:1', position: at(8), reason: 'epoch', spreadMs: 5 },
    });
  });

  it('never reach across a hole', () => {
    expect(leaving(frame(1, [['a']]), frame(3, [['b']]))).toEqual({
      event: 'resync',
      message: { room: 'a:1', position: at(3), reason: 'overflow' },
    });
  });
});
