import {
  MAX_ID_LENGTH,
  MAX_KEY_BYTES,
  MAX_KEYS_PER_INVALIDATION,
  MAX_REASON_LENGTH,
  MAX_ROOM_ID_LENGTH,
  MAX_ROOM_KIND_LENGTH,
  MAX_ROOMS_PER_PUBLISH,
} from '@querycast/protocol';

/** One character as JSON may write it: `\uXXXX`. */
const ESCAPED_BYTES = 6;
/** Quotes and comma around a string. */
const FRAMING_BYTES = 3;
/** Field names, braces, numbers, and a little white space. */
const REST_BYTES = 4_096;

/** Largest body that an invalidation within the limits of the protocol can need, in bytes. */
export const MAX_PUBLISH_BYTES =
  MAX_ROOMS_PER_PUBLISH * (MAX_ROOM_KIND_LENGTH + 1 + MAX_ROOM_ID_LENGTH + FRAMING_BYTES) +
  MAX_KEYS_PER_INVALIDATION * (MAX_KEY_BYTES * ESCAPED_BYTES + FRAMING_BYTES) +
  (MAX_ID_LENGTH + MAX_REASON_LENGTH) * ESCAPED_BYTES +
  REST_BYTES;
