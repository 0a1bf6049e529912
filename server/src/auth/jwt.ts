/** Tokens as JSON Web Tokens. Together with key-set.ts the only file that imports jose. */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { type Authenticate, AuthenticationError, type Principal } from './authenticate.js';
import { remoteKeySet } from './key-set.js';

interface JwtRules {
  /** Who must have issued the token (`iss`). Default: anyone who holds the key. */
  readonly issuer?: string | readonly string[];
  /** Whom the token must be meant for (`aud`). Default: anyone. */
  readonly audience?: string | readonly string[];
  /** Signatures to accept. Default: HS256 with a secret; RS256, PS256, ES256 and EdDSA with a key set. */
  readonly algorithms?: readonly string[];
  /** How far the clock of the issuer may be off, in seconds. Default 0. */
  readonly clockToleranceSeconds?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
  /** Where it is said that an issuer's keys could not be fetched. Default: nowhere. */
  readonly logger?: Logger;
  /** Where that is counted. Default: nowhere. */
  readonly metrics?: Metrics;
}

/**
 * How to check tokens: with one shared secret, or with the public keys of an issuer, by address or as they are. An address
 * begins with `https:`, unless it is on this machine: whoever could change the keys on their way could sign any token.
 *
 * Keys by address are fetched when the first token comes and, in the background, every 10 minutes while tokens come; a
 * token of a known key waits for no fetch. A key id that is not known is asked for, at most once in 10 s. A key that the
 * issuer withdrew counts for 10 minutes, and for an hour when the issuer cannot be reached or nobody came meanwhile; after
 * an hour without the issuer nobody can be authenticated.
 */
export type JwtOptions = JwtRules &
  (
    | { readonly secret: string | Uint8Array; readonly jwks?: never }
    | { readonly jwks: URL | JSONWebKeySet; readonly secret?: never }
  );

/** The options of {@link jwtAuthenticate} would let forged tokens in. Never holds the secret. */
export class JwtOptionsError extends Error {
  readonly code = 'jwt_options_invalid';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JwtOptionsError';
  }
}

/** Longest token that is looked at, in characters: as many as Node.js takes in all headers of a request. */
const MAX_TOKEN_LENGTH = 16_384;

/** The last second that a `Date` can be. */
const MAX_SECONDS = 8_640_000_000_000;

/** Least bytes of a secret: as long as the hash, RFC 7518 3.2. */
const MIN_SECRET_BYTES: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };

const PUBLIC_KEY_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/**
 * Authenticates with JSON Web Tokens: `sub` becomes the principal's id, `sid` its session; `exp` is required. Throws
 * {@link JwtOptionsError} at once when a secret is too short or an algorithm does not fit the kind of key.
 *
 * The returned function rejects with {@link AuthenticationError}, or with another error when an issuer's key set cannot
 * be fetched: that says nothing about the token, and trying again can help.
 *
 * A token is good until it expires, whatever happens to the log-in that it came from. Where log-outs must count at once,
 * look the session up as well, or let tokens live for 15 minutes at most: that long the gateways remember whom they evicted.
 *
 * @example
 * const authenticate = jwtAuthenticate({ secret: process.env.AUTH_SECRET, audience: 'dashboard' });
 */
export function jwtAuthenticate(options: JwtOptions): Authenticate {
  const { issuer, audience, clockToleranceSeconds = 0, clock = Date.now } = options;
  const algorithms = checkedAlgorithms(options);
  const keyOf = keyLookup(options, algorithms);
  const rules = {
    algorithms,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['sub', 'exp'],
    ...(issuer !== undefined && { issuer: listOf(issuer) }),
    ...(audience !== undefined && { audience: listOf(audience) }),
  };
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw new AuthenticationError('token_invalid', 'the token is too long');
    try {
      const { payload } = await jwtVerify(token, keyOf, { ...rules, currentDate: new Date(clock()) });
      return principalOf(payload, clockToleranceSeconds);
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

function listOf(names: string | readonly string[]): string[] {
  return typeof names === 'string' ? [names] : [...names];
}

function checkedAlgorithms(options: JwtOptions): string[] {
  const shared = options.secret !== undefined;
  const algorithms = [...(options.algorithms ?? (shared ? ['HS256'] : PUBLIC_KEY_ALGORITHMS))];
  if (algorithms.length === 0) throw new JwtOptionsError('name at least one algorithm, or leave algorithms out');
  for (const algorithm of algorithms) {
    // Also refuses `none`, and a public key taken for a shared secret, which everyone could sign with.
    if (algorithm === 'none' || Object.hasOwn(MIN_SECRET_BYTES, algorithm) !== shared) {
      throw new JwtOptionsError(`algorithm ${algorithm} does not fit ${shared ? 'a shared secret' : 'a key set'}`);
    }
  }
  return algorithms;
}

function keyLookup(options: JwtOptions, algorithms: readonly string[]) {
  if (options.secret === undefined) {
    const { jwks, clock = Date.now, logger = silentLogger, metrics = noMetrics } = options;
    return jwks instanceof URL ? remoteKeySet(checkedUrl(jwks), { clock, logger, metrics }) : localKeys(jwks);
  }
  const secret = typeof options.secret === 'string' ? new TextEncoder().encode(options.secret) : options.secret;
  const least = Math.max(...algorithms.map((algorithm) => MIN_SECRET_BYTES[algorithm] ?? 0));
  if (secret.byteLength < least) {
    throw new JwtOptionsError(
      `the secret for ${algorithms.join(', ')} needs at least ${least} bytes, got ${secret.byteLength}: make one with "openssl rand -base64 48"`,
    );
  }
  return () => Promise.resolve(secret);
}

function checkedUrl(url: URL): URL {
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw new JwtOptionsError(
      'the address of jwks must begin with https: whoever could change it could sign any token',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new JwtOptionsError('the address of jwks must hold no user and no password: public keys are for everybody');
  }
  return new URL(url);
}

function localKeys(jwks: JSONWebKeySet) {
  try {
    return createLocalJWKSet(jwks);
  } catch (cause) {
    throw new JwtOptionsError('jwks is not a JSON Web Key Set: expected { keys: [...] }', { cause });
  }
}

function principalOf(payload: JWTPayload, clockToleranceSeconds: number): Principal {
  const { sub, exp } = payload;
  const sid = payload['sid'];
  // The number in JSON can be anything up to infinity, and a session must end.
  if (typeof exp !== 'number' || !(exp <= MAX_SECONDS)) {
    throw new AuthenticationError('token_invalid', 'the token never ends: exp must be a time that there is');
  }
  if (typeof sub !== 'string' || sub === '') {
    throw new AuthenticationError('token_invalid', 'the token names no one: sub must be a non-empty string');
  }
  // Ignoring it would leave a session that no log-out ends.
  if (sid !== undefined && (typeof sid !== 'string' || sid === '')) {
    throw new AuthenticationError('token_invalid', 'the token names no session: sid must be a non-empty string');
  }
  return {
    id: sub,
    ...(sid !== undefined && { session: sid }),
    // With the tolerance: a token must not be accepted now and be over at the same moment.
    expiresAt: Math.floor((exp + clockToleranceSeconds) * 1_000),
    claims: payload,
  };
}

/** Says which rule was broken. Without the cause: jose's errors carry all claims of the token, and causes are logged. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError) || isKeySetFault(error)) return error;
  if (error instanceof errors.JWTExpired) return new AuthenticationError('token_expired', 'the token has expired');
  const claim = error instanceof errors.JWTClaimValidationFailed ? `, claim ${error.claim}` : '';
  return new AuthenticationError('token_invalid', `the token was refused: ${error.code}${claim}`);
}

/** The issuer's key set was not to be had: no answer in time, not 200, not JSON, or not a key set. */
function isKeySetFault(error: errors.JOSEError): boolean {
  return [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code].includes(error.code);
}
