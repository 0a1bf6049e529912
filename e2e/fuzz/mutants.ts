/** A mistake that somebody could make at a door, and that its fuzz must find. */
export interface Mutant {
  readonly name: string;
  /** The file below `doors/` that must fail. */
  readonly door: string;
  readonly file: string;
  /** Must be in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Each is a check or a safety net taken away. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a key may nest one level more',
    door: 'publish-redis',
    file: 'protocol/src/query-key.ts',
    find: 'if (depth > MAX_KEY_DEPTH)',
    replace: 'if (depth > MAX_KEY_DEPTH + 1)',
  },
  {
    name: 'an id may hold half of a character',
    door: 'publish-redis',
    file: 'protocol/src/schemas.ts',
    find: ".refine((id) => !/\\p{Surrogate}/u.test(id), 'an id must not hold half of a surrogate pair')",
    replace: '',
  },
  {
    name: 'a refused message of Redis rejects with nobody listening',
    door: 'publish-redis',
    file: 'server/src/publisher/redis-door.ts',
    find: 'if (err instanceof InvalidInvalidationError || err instanceof PublishIncompleteError) return;',
    replace: 'throw err;',
  },
  {
    name: 'the HTTP door takes every token',
    door: 'publish-http',
    file: 'server/src/publisher/publish-tokens.ts',
    find: 'let match: TokenHolder | undefined;',
    replace: "let match: TokenHolder | undefined = { name: 'token-0' };",
  },
  {
    name: 'the HTTP door passes errors of the body parser on',
    door: 'publish-http',
    file: 'server/src/publisher/publish-routes.ts',
    find: "if (type === 'entity.parse.failed') {",
    replace: "if (type === 'entity.parse.failed') throw error; else if (type === '') {",
  },
  {
    name: 'the client takes a key that matches everything',
    door: 'decoder',
    file: 'protocol/src/decode.ts',
    find: "isText(value[0]) && value[0] !== ''",
    replace: 'isText(value[0])',
  },
  {
    name: 'the client takes one of two positions of a room',
    door: 'decoder',
    file: 'protocol/src/position-header.ts',
    find: ' && !seen.has(room)',
    replace: '',
  },
  {
    name: 'the gateway calls whatever stands where the acknowledgement should',
    door: 'client-messages',
    file: 'server/src/gateway/socket-io.ts',
    find: "function isFunction(value: unknown): value is (answer: unknown) => void {\n  return typeof value === 'function';",
    replace: 'function isFunction(value: unknown): value is (answer: unknown) => void {\n  return value !== undefined;',
  },
  {
    name: 'a client may subscribe to one room more',
    door: 'client-messages',
    file: 'protocol/src/limits.ts',
    find: 'MAX_EXTRA_ROOMS = 64',
    replace: 'MAX_EXTRA_ROOMS = 65',
  },
  {
    name: 'a renewal takes any token',
    door: 'client-messages',
    file: 'server/src/gateway/renewals.ts',
    find: 'const principal = await authenticate(token);',
    replace: 'const principal = await authenticate(token).catch(() => session.principal());',
  },
  {
    name: 'the handshake takes a client of any length',
    door: 'handshake',
    file: 'protocol/src/schemas.ts',
    find: 'client: z.string().min(1).max(64).optional()',
    replace: 'client: z.string().min(1).optional()',
  },
  {
    name: 'an envelope counts for whichever room it came on',
    door: 'broker-channel',
    file: 'server/src/broker/redis-subscriptions.ts',
    find: 'if (envelope?.room !== room) {',
    replace: 'if (envelope === undefined) {',
  },
  {
    name: 'what stands in a log counts as a key',
    door: 'broker-channel',
    file: 'server/src/broker/redis-log.ts',
    find: 'queryKeySchema.parse(JSON.parse(entry))',
    replace: 'JSON.parse(entry)',
  },
  {
    name: 'the adapter hears whatever comes',
    door: 'peers',
    file: 'server/src/gateway/redis-adapter.ts',
    find: 'if (rule === undefined) handler(message, from);',
    replace: 'if (message.length > 0) handler(message, from);',
  },
  {
    name: 'a text may hold control characters, which PostgreSQL refuses',
    door: 'api',
    file: 'server/platform/src/http/validation.ts',
    find: "return trimmed(maxLength, minLength).regex(/^\\P{Cc}*$/u, 'must not contain control characters');",
    replace: 'return trimmed(maxLength, minLength);',
  },
  {
    name: 'an id of a path may be larger than the column',
    door: 'api',
    file: 'server/platform/src/http/validation.ts',
    find: 'return id > MAX_ID ? undefined : id;',
    replace: 'return id;',
  },
  {
    name: 'a password is changed by whoever does not know it',
    door: 'api',
    file: 'server/platform/src/people/password-routes.ts',
    find: 'if (!person || !matches) throw refused(viewer.id);',
    replace: 'if (!person) throw refused(viewer.id);',
  },
];
