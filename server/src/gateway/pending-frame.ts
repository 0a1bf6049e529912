import {
  canonicalForm,
  type Envelope,
  type Invalidate,
  MAX_SERVER_FRAME_BYTES,
  MAX_SERVER_FRAME_KEYS,
  type Position,
  type QueryKey,
  type Resync,
  type Room,
  reduceKeys,
} from '@querycast/protocol';

/** A stretch of a room's sequence: one envelope, or the log's answer to a hole. */
export type Stretch = Pick<Envelope, 'prev' | 'position' | 'at' | 'reason' | 'spreadMs'> & {
  readonly keys: readonly QueryKey[];
};

/** Contiguous stretches that wait to be sent, newest first. A list, so that adding costs the same at any length. */
export interface Pending {
  readonly stretch: Stretch;
  readonly earlier: Pending | undefined;
  readonly length: number;
}

/** What leaves for a room. */
export type Frame =
  | { readonly event: 'invalidate'; readonly message: Invalidate }
  | { readonly event: 'resync'; readonly message: Resync };

/** Room for the field names, the room, two positions and the numbers around the keys. */
const FRAME_OVERHEAD_BYTES = 1_024;

/** Adds a stretch that begins where the newest one ends. */
export function addStretch(pending: Pending | undefined, stretch: Stretch): Pending {
  return { stretch, earlier: pending, length: (pending?.length ?? 0) + 1 };
}

/**
 * Merges contiguous stretches into as few frames as the size limits allow. A stretch that is too large even alone
 * becomes a `resync`, which then stands for everything before it.
 */
export function mergeFrames(room: Room, pending: Pending, exposeReason: boolean): Frame[] {
  let frames: Frame[] = [];
  let group: Stretch[] = [];
  let size = new FrameSize();
  const closeGroup = () => {
    if (group.length > 0) frames.push(invalidateFrame(room, group, size.keys(), exposeReason));
    group = [];
    size = new FrameSize();
  };
  const stretches = inOrder(pending);
  for (const [index, stretch] of stretches.entries()) {
    if (exceedsFrame(stretch.keys)) {
      frames = [{ event: 'resync', message: overflow(room, stretches.slice(0, index + 1), stretch.position) }];
      group = [];
      size = new FrameSize();
      continue;
    }
    if (!size.fits(stretch.keys)) closeGroup();
    size.add(stretch.keys);
    group.push(stretch);
  }
  closeGroup();
  return frames;
}

/** Whether keys exceed what one row or frame may carry to a client. */
export function exceedsFrame(keys: readonly QueryKey[]): boolean {
  return !new FrameSize().fits(keys);
}

/** What any of them asked for, however they are merged: whoever asked for none can wait as well. */
export function largestSpread(parts: readonly { readonly spreadMs?: number | undefined }[]): { spreadMs?: number } {
  const spreadMs = Math.max(0, ...parts.map((part) => part.spreadMs ?? 0));
  return spreadMs > 0 ? { spreadMs } : {};
}

/** The distinct keys of a frame under construction, and how many bytes they take. */
class FrameSize {
  #bytes = FRAME_OVERHEAD_BYTES;
  readonly #keys = new Map<string, QueryKey>();

  keys(): Iterable<QueryKey> {
    return this.#keys.values();
  }

  fits(keys: readonly QueryKey[]): boolean {
    let bytes = this.#bytes;
    const added = new Set<string>();
    for (const key of keys) {
      const form = canonicalForm(key);
      if (this.#keys.has(form) || added.has(form)) continue;
      added.add(form);
      bytes += byteLength(form);
    }
    return bytes <= MAX_SERVER_FRAME_BYTES && this.#keys.size + added.size <= MAX_SERVER_FRAME_KEYS;
  }

  add(keys: readonly QueryKey[]): void {
    for (const key of keys) {
      const form = canonicalForm(key);
      if (this.#keys.has(form)) continue;
      this.#keys.set(form, key);
      this.#bytes += byteLength(form);
    }
  }
}

/** One byte more than the key itself, for the comma. */
function byteLength(form: string): number {
  return Buffer.byteLength(form) + 1;
}

function invalidateFrame(
  room: Room,
  stretches: readonly Stretch[],
  keys: Iterable<QueryKey>,
  exposeReason: boolean,
): Frame {
  const [first] = stretches;
  const last = stretches.at(-1);
  if (!first || !last) throw new RangeError('a frame needs at least one stretch');
  const reason = stretches.every((stretch) => stretch.reason === first.reason) ? first.reason : undefined;
  return {
    event: 'invalidate',
    message: {
      room,
      prev: first.prev,
      position: last.position,
      keys: reduceKeys(keys),
      at: Math.min(...stretches.map((stretch) => stretch.at)),
      ...(exposeReason && reason !== undefined ? { reason } : {}),
      ...largestSpread(stretches),
    },
  };
}

function overflow(room: Room, stretches: readonly Stretch[], position: Position): Resync {
  return { room, position, reason: 'overflow', ...largestSpread(stretches) };
}

/** The stretches that wait, oldest first. */
export function inOrder(pending: Pending | undefined): Stretch[] {
  const stretches: Stretch[] = [];
  for (let node = pending; node; node = node.earlier) stretches.push(node.stretch);
  return stretches.reverse();
}
