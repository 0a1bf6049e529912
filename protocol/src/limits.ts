/** Version of the wire protocol, sent by the client in `auth.protocol` and by the gateway in `ready`. */
export const PROTOCOL_VERSION = 1;

/** Longest room kind, in characters: the part before the colon. */
export const MAX_ROOM_KIND_LENGTH = 32;

/** Longest room id, in characters: the part after the colon. Fits a UUID or a ULID with room to spare. */
export const MAX_ROOM_ID_LENGTH = 64;

/** Most elements of one query key. */
export const MAX_KEY_ELEMENTS = 16;

/** Deepest nesting inside a query key; the key array itself is level 1. */
export const MAX_KEY_DEPTH = 4;

/** Largest query key, in UTF-8 bytes of its canonical form. */
export const MAX_KEY_BYTES = 1_024;

/** Most query keys of one invalidation. */
export const MAX_KEYS_PER_INVALIDATION = 64;

/** Most rooms of one publish. */
export const MAX_ROOMS_PER_PUBLISH = 10_000;

/** Longest `id` of a publish, in characters. */
export const MAX_ID_LENGTH = 64;

/** Longest `reason`, in characters. */
export const MAX_REASON_LENGTH = 64;

/** Longest spread a publisher may ask for, in milliseconds: five minutes. */
export const MAX_SPREAD_MS = 300_000;

/** Most rooms a session may join beyond those of its principal. */
export const MAX_EXTRA_ROOMS = 64;

/** Largest frame a client may send, in bytes. */
export const MAX_CLIENT_FRAME_BYTES = 16_384;

/** Largest row or frame sent to a client, in bytes of JSON; beyond it the gateway sends `resync`. */
export const MAX_SERVER_FRAME_BYTES = 65_536;

/** Most query keys in a row or frame sent to a client; beyond it the gateway sends `resync`. */
export const MAX_SERVER_FRAME_KEYS = 256;

/** Most distinct query keys a room's log keeps; beyond it the oldest are dropped and the floor rises. */
export const MAX_LOG_ENTRIES = 256;

/** How long a publish `id` is remembered per room, in milliseconds: ten minutes. */
export const ID_RETENTION_MS = 600_000;

/** How long an untouched room's log is kept, in milliseconds: seven days. */
export const LOG_RETENTION_MS = 604_800_000;
