import { z } from 'zod';

const POSTGRES_SCHEMES = ['postgres:', 'postgresql:'];
const REDIS_SCHEMES = ['redis:', 'rediss:'];

const POSTGRES_RULE =
  'must be one URL such as postgres://user:password@host:5432/database, user and password percent-encoded';
const REDIS_RULE = 'must be one URL such as redis://user:password@host:6379, user and password percent-encoded';
const LIST_RULE =
  'must be URLs such as redis://user:password@host:6379, separated by commas, user and password percent-encoded';
const NO_OPTIONS_RULE =
  'must have no question mark: the connections are tuned already, and options in the URL would not count';
const SAME_SCHEME_RULE = 'must be all redis:// or all rediss://: one connection without TLS would show the password';
const SAME_CREDENTIALS_RULE = 'must name the same user and password in every URL, or in none';
const NO_DATABASE_RULE =
  'must not name a database number: channels know none, so two platforms on one server would hear each other';

/** A database of a PostgreSQL server. */
export const postgresUrl = z.string().refine(isPostgresUrl, POSTGRES_RULE);

/** A Redis that keeps values only, where database numbers keep apart. */
export const redisUrl = z
  .string()
  .refine(isRedisUrl, { message: REDIS_RULE, abort: true })
  .refine(carriesNoOptions, { message: NO_OPTIONS_RULE, abort: true });

/** A Redis that also carries messages. */
export const logRedisUrl = redisUrl.refine(namesNoDatabase, NO_DATABASE_RULE);

/** Several servers of one Sentinel or Cluster, separated by commas. */
export const logRedisUrls = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .refine((urls) => urls.length > 0 && urls.every(isRedisUrl), { message: LIST_RULE, abort: true })
  .refine((urls) => urls.every(carriesNoOptions), { message: NO_OPTIONS_RULE, abort: true })
  .refine((urls) => new Set(urls.map((url) => new URL(url).protocol)).size === 1, SAME_SCHEME_RULE)
  .refine((urls) => new Set(urls.map(credentials)).size === 1, SAME_CREDENTIALS_RULE)
  .refine((urls) => urls.every(namesNoDatabase), NO_DATABASE_RULE);

/** `host:port` of a URL, without the user, the password and everything else it holds. */
export function hostOf(url: string, defaultPort: number): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || defaultPort}`;
}

function isPostgresUrl(value: string): boolean {
  const url = parse(value, POSTGRES_SCHEMES);
  return url !== undefined && url.pathname.length > 1;
}

function isRedisUrl(value: string): boolean {
  const url = parse(value, REDIS_SCHEMES);
  return url !== undefined && /^(\/[0-9]*)?$/.test(url.pathname);
}

function carriesNoOptions(value: string): boolean {
  const { search, hash } = new URL(value);
  return search === '' && hash === '';
}

/** Without a host, a client would silently take one of its own choice. */
function parse(value: string, schemes: readonly string[]): URL | undefined {
  if (/\s/.test(value) || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (!schemes.includes(url.protocol) || url.hostname === '') return undefined;
  return isEncoded(url.username) && isEncoded(url.password) ? url : undefined;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    // The only thing it throws for is malformed encoding, which is the question.
    return false;
  }
}

function namesNoDatabase(value: string): boolean {
  return ['', '/', '/0'].includes(new URL(value).pathname);
}

function credentials(value: string): string {
  const { username, password } = new URL(value);
  return `${username}:${password}`;
}
