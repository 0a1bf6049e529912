import { createHash, timingSafeEqual } from 'node:crypto';

/** Tells whether an `Authorization` header carries a known token; answers which, as a name safe to log. */
export type MatchBearer = (authorization: string | undefined) => string | undefined;

const BEARER = /^bearer +([^ ]+) *$/i;

/**
 * Creates a matcher for a few shared tokens, several valid at once so that they can be replaced without a pause. Takes
 * the same time whichever token, or none, matches. Throws a `TypeError` when there is no token or an empty one: both
 * would be a door that is open or shut by mistake.
 */
export function matchBearerTokens(tokens: readonly string[]): MatchBearer {
  if (tokens.length === 0) throw new TypeError('at least one publish token is needed');
  if (tokens.some((token) => !/^[^\s]+$/.test(token))) {
    throw new TypeError('a publish token must not be empty nor hold white space');
  }
  const digests = tokens.map(digest);
  return (authorization) => {
    // Digests have one length, whatever was sent: comparing the tokens themselves would tell how long they are.
    const given = digest(BEARER.exec(authorization ?? '')?.[1] ?? '');
    let match: string | undefined;
    for (const [index, known] of digests.entries()) {
      if (timingSafeEqual(given, known)) match = `token-${index + 1}`;
    }
    return match;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
