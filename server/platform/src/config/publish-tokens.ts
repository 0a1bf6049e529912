import { isRoomPrefix, type PublishToken } from '@querycast/server/express';
import { z } from 'zod';

const MIN_TOKEN_LENGTH = 16;
/** What stands before the rooms of the token before it. */
const ROOMS = 'rooms=';

const LENGTH_RULE = `must have at least ${MIN_TOKEN_LENGTH} characters, in each of its tokens`;
const CHARACTERS_RULE = 'must be printable ASCII: tokens, and spaces between them';
const COMMA_RULE = 'must have no comma in a token: several tokens are separated by spaces';
const TWICE_RULE = 'must not name a token twice';
const ROOMS_RULE =
  'must have rooms= behind the token it is for, once, with kinds such as parent: or rooms such as parent:42, separated by commas';

/**
 * Tokens that are valid at once, separated by white space, each followed by `rooms=parent:,student:42` when it is for
 * some rooms only. White space cannot be part of a token, so whatever was one token before there could be several is one
 * still; only commas are refused, or a list with commas would silently be one token that nobody has.
 */
export const publishTokens = z.string().transform((text, context): readonly (string | PublishToken)[] => {
  const read = readTokens(text.split(/[ \t\r\n]+/).filter((word) => word !== ''));
  if (typeof read !== 'string') return read;
  context.addIssue({ code: 'custom', message: read });
  return z.NEVER;
});

/** The tokens, or the rule that a word breaks. */
function readTokens(words: readonly string[]): readonly (string | PublishToken)[] | string {
  const tokens: (string | PublishToken)[] = [];
  const seen = new Set<string>();
  for (const word of words) {
    if (!/^[\x21-\x7e]+$/.test(word)) return CHARACTERS_RULE;
    if (tokens.length > 0 && word.startsWith(ROOMS)) {
      const token = tokens.pop();
      const rooms = word.slice(ROOMS.length).split(',');
      if (typeof token !== 'string' || !rooms.every(isRoomPrefix)) return ROOMS_RULE;
      tokens.push({ token, rooms });
    } else {
      if (word.includes(',')) return COMMA_RULE;
      if (word.length < MIN_TOKEN_LENGTH) return LENGTH_RULE;
      if (seen.has(word)) return TWICE_RULE;
      seen.add(word);
      tokens.push(word);
    }
  }
  return tokens;
}
