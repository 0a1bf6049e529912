import { type ConnectCode, type ConnectRefusal, type Position, PROTOCOL_VERSION } from '@querycast/protocol';
import { handshakeSchema } from '@querycast/protocol/schemas';
import { type Authenticate, AuthenticationError, type Principal } from '../auth/authenticate.js';

/** What a connection brings along. */
export interface Knock {
  /** The `auth` object of the handshake, unchecked. */
  readonly auth: unknown;
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
}

/** A connection that may come in. */
export interface Admitted {
  readonly principal: Principal;
  readonly positions: Readonly<Record<string, Position>>;
}

/** A connection that was refused; `data` is what the client reads in `connect_error.data`. */
export class ConnectionRefusedError extends Error {
  readonly code: ConnectCode;
  readonly data: ConnectRefusal;

  constructor(code: ConnectCode, message: string, options?: ErrorOptions & { retryAfterMs?: number }) {
    super(message, options);
    this.name = 'ConnectionRefusedError';
    this.code = code;
    this.data = {
      code,
      message,
      ...(options?.retryAfterMs === undefined ? {} : { retryAfterMs: options.retryAfterMs }),
    };
  }
}

/** How long a client should wait when the gateway cannot check its token, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/**
 * Decides who may come in. Rejects with {@link ConnectionRefusedError}, whose message never holds the token.
 *
 * @param allowedOrigins Origins of pages that may connect besides those of the host they connect to.
 */
export function createGatekeeper(authenticate: Authenticate, allowedOrigins: readonly string[] = []) {
  return async function admit(knock: Knock): Promise<Admitted> {
    if (!isOriginAllowed(knock, allowedOrigins)) {
      throw new ConnectionRefusedError('origin_refused', 'pages of this origin may not connect');
    }
    const handshake = readHandshake(knock.auth);
    try {
      return { principal: await authenticate(handshake.token), positions: handshake.positions ?? {} };
    } catch (error) {
      if (error instanceof AuthenticationError) {
        throw new ConnectionRefusedError(error.code, error.message, { cause: error });
      }
      const options = { cause: error, retryAfterMs: RETRY_AFTER_MS };
      throw new ConnectionRefusedError('overloaded', 'the token could not be checked: try again', options);
    }
  };
}

function readHandshake(auth: unknown) {
  const handshake = handshakeSchema.safeParse(auth);
  const wrong = new Set(handshake.error?.issues.map((issue) => issue.path[0] ?? 'token'));
  if (wrong.has('token')) {
    throw new ConnectionRefusedError('token_invalid', 'the handshake must carry auth.token, a non-empty string');
  }
  if (wrong.has('protocol') || (handshake.data && handshake.data.protocol !== PROTOCOL_VERSION)) {
    const message = `this gateway speaks protocol ${PROTOCOL_VERSION}: the handshake must carry auth.protocol`;
    throw new ConnectionRefusedError('protocol_unsupported', message);
  }
  if (handshake.data) return handshake.data;
  throw new ConnectionRefusedError('forbidden', `the handshake's auth is malformed in: ${[...wrong].join(', ')}`);
}

function isOriginAllowed(knock: Knock, allowedOrigins: readonly string[]): boolean {
  // Programs other than browsers send no origin; they cannot be abused by a foreign page.
  if (knock.origin === undefined) return true;
  if (allowedOrigins.includes(knock.origin)) return true;
  return URL.canParse(knock.origin) && new URL(knock.origin).host === knock.host;
}
