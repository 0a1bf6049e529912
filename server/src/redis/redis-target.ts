/**
 * Where a Redis server is: one address, the Sentinels that know the master `name`, or some nodes of a Cluster. All
 * addresses are `redis://` or `rediss://` URLs, may hold `user:password@`, and are never logged. Those of Sentinels say
 * how to reach the Sentinels; user, password, database and TLS of the first one count for the servers as well.
 */
export type RedisTarget =
  | { readonly url: string }
  | { readonly sentinels: readonly string[]; readonly name: string }
  | { readonly cluster: readonly string[] };

/** A Redis URL taken apart, in the words of the client's options. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: Record<string, never>;
}

/** A Redis address cannot be used; the message never quotes it, because it may hold a password. */
export class RedisAddressError extends Error {
  readonly code = 'redis_address';

  constructor(problem: string) {
    super(`a Redis address must look like redis://host:port: ${problem}`);
    this.name = 'RedisAddressError';
  }
}

/** Takes a `redis://` or `rediss://` URL apart; `port` defaults to `defaultPort`. Throws {@link RedisAddressError}. */
export function parseRedisUrl(text: string, defaultPort = 6_379): RedisAddress {
  if (!URL.canParse(text)) throw new RedisAddressError('this is not a URL');
  const { protocol, hostname, port, username, password, pathname } = new URL(text);
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw new RedisAddressError('the scheme is another one');
  if (hostname === '') throw new RedisAddressError('the host is missing');
  if (!/^\/?\d*$/.test(pathname)) throw new RedisAddressError('the path is not the number of a database');
  const db = Number(pathname.slice(1));
  return {
    // URLs write IPv6 addresses in brackets, sockets do not.
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort : Number(port),
    ...(username === '' ? {} : { username: decode(username) }),
    ...(password === '' ? {} : { password: decode(password) }),
    ...(db === 0 ? {} : { db }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The error of the language would quote it.
    throw new RedisAddressError('user or password are not percent-encoded');
  }
}
