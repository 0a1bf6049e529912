import { MAX_SERVER_FRAME_KEYS, type Resync, type Room } from '@querycast/protocol';
import { addStretch, type Frame, inOrder, largestSpread, mergeFrames, type Pending } from './pending-frame.js';

/**
 * What was kept back of one room for a socket that takes nothing now: contiguous frames, which have not been merged yet, or
 * the one resync that stands for all of them. `keys` counts the keys of the frames, repeated ones as well.
 */
export type Kept = { readonly pending: Pending; readonly keys: number } | { readonly resync: Resync };

/**
 * Keys that are kept before they are merged. Merging at every frame would make each slow socket cost more than the quick
 * ones do; at twice the size of a frame, every key is looked at about twice.
 */
const MAX_UNMERGED_KEYS = 2 * MAX_SERVER_FRAME_KEYS;

/**
 * Adds a room's next frame. What is kept stays below `MAX_UNMERGED_KEYS` and one frame: when the distinct keys do not fit
 * into a single frame any more, one resync at the newest position takes their place.
 */
export function keepFrame(kept: Kept | undefined, frame: Frame): Kept {
  const { message } = frame;
  if (kept && 'resync' in kept) {
    // Whatever came before it is read anew by the time it arrives, this frame included.
    const { position } = message;
    const resync = frame.event === 'resync' ? frame.message : { ...kept.resync, position };
    return { resync: { ...resync, ...largestSpread([kept.resync, message]) } };
  }
  if (frame.event === 'resync') {
    return { resync: { ...frame.message, ...largestSpread([...inOrder(kept?.pending), message]) } };
  }
  const pending = addStretch(kept?.pending, frame.message);
  // A hub leaves no holes; were there one, nothing that reaches across it may leave.
  const isContiguous = !kept || frame.message.prev === kept.pending.stretch.position;
  if (!isContiguous) return { resync: overflow(message.room, pending) };
  const keys = (kept?.keys ?? 0) + frame.message.keys.length;
  return keys <= MAX_UNMERGED_KEYS ? { pending, keys } : merged(message.room, pending);
}

/** The one frame that what is kept leaves as. */
export function keptFrame(room: Room, kept: Kept): Frame {
  return 'resync' in kept ? { event: 'resync', message: kept.resync } : oneFrame(room, kept.pending);
}

function merged(room: Room, pending: Pending): Kept {
  const frame = oneFrame(room, pending);
  if (frame.event === 'resync') return { resync: frame.message };
  return { pending: addStretch(undefined, frame.message), keys: frame.message.keys.length };
}

function oneFrame(room: Room, pending: Pending): Frame {
  // The frames it is made of have a reason only where it may be shown.
  const [frame, ...more] = mergeFrames(room, pending, true);
  if (frame && more.length === 0) return frame;
  return { event: 'resync', message: overflow(room, pending) };
}

function overflow(room: Room, pending: Pending): Resync {
  return { room, position: pending.stretch.position, reason: 'overflow', ...largestSpread(inOrder(pending)) };
}
