import { createHash, timingSafeEqual } from 'node:crypto';
import { isRoomPrefix, type RoomScope, roomScope } from './room-scope.js';

/** A secret that opens the HTTP door to some rooms. */
export interface PublishToken {
  readonly token: string;
  /** At least one: `parent:` is every room of that kind, `parent:42` that room alone. */
  readonly rooms: readonly string[];
}

/** Whose token a request carries. */
export interface TokenHolder {
  /** The place of the token in the list, such as `token-1`: safe to log. */
  readonly name: string;
  /** Where it may publish; absent: everywhere. */
  readonly scope?: RoomScope;
}

/** Finds whose token an `Authorization` header carries; `undefined` when it is nobody's. */
export type MatchToken = (authorization: string | undefined) => TokenHolder | undefined;

const BEARER = /^bearer +([^ ]+) *$/i;

/**
 * Creates a matcher for a few shared tokens, several valid at once so that they can be replaced without a pause. Takes
 * the same time whichever token, or none, matches. Throws a `TypeError`, which names no value, when there is no token,
 * an empty one, the same one twice, or one whose rooms are none or unknown: each would be a door that is open or shut by
 * mistake.
 */
export function matchPublishTokens(tokens: readonly (string | PublishToken)[]): MatchToken {
  if (tokens.length === 0) throw new TypeError('at least one publish token is needed');
  const known = tokens.map((given, index) => readToken(given, `token-${index + 1}`));
  if (new Set(known.map(({ hash }) => hash.toString('hex'))).size < known.length) {
    throw new TypeError('a publish token stands twice in the list: its rooms would be uncertain');
  }
  return (authorization) => {
    // Hashes have one length, whatever was sent: comparing the tokens themselves would tell how long they are.
    const given = hashOf(BEARER.exec(authorization ?? '')?.[1] ?? '');
    let match: TokenHolder | undefined;
    // All of them, always: to stop at the first would tell which one it was.
    for (const { hash, holder } of known) {
      if (timingSafeEqual(given, hash)) match = holder;
    }
    return match;
  };
}

/** Whether a request tries to show a bearer token at all, be it a valid one or not. */
export function carriesBearer(authorization: string | undefined): boolean {
  return /^bearer +[^ ]/i.test(authorization ?? '');
}

function readToken(
  given: string | PublishToken,
  name: string,
): { readonly hash: Buffer; readonly holder: TokenHolder } {
  const token = typeof given === 'string' ? given : given.token;
  if (typeof token !== 'string' || !/^[^\s]+$/.test(token)) {
    throw new TypeError(`a publish token must not be empty nor hold white space: ${name}`);
  }
  if (typeof given === 'string') return { hash: hashOf(token), holder: { name } };
  const { rooms } = given;
  // Neither may ever mean "everywhere".
  if (!Array.isArray(rooms) || rooms.length === 0) {
    throw new TypeError(`a publish token for some rooms must name at least one: ${name}`);
  }
  if (!rooms.every(isRoomPrefix)) {
    throw new TypeError(
      `the rooms of a publish token must be kinds such as "parent:" or rooms such as "parent:42": ${name}`,
    );
  }
  return { hash: hashOf(token), holder: { name, scope: roomScope(rooms) } };
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
