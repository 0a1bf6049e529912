import { z } from 'zod';
import { publishTokens } from './publish-tokens.js';
import { logRedisUrl, logRedisUrls, postgresUrl, redisUrl } from './server-urls.js';

/** Fewest characters of `AUTH_SECRET`: 32 bytes are what HS256 needs to be as strong as its hash (RFC 7518, 3.2). */
const MIN_SECRET_LENGTH = 32;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const TRUTH: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

const PORT_RULE = 'must be a whole number from 0 to 65535 (0 takes any free port)';
const ORIGIN_RULE = 'must be origins such as https://app.example.com, separated by commas, without path or slash';

const port = z
  .string()
  .regex(/^[0-9]{1,5}$/, PORT_RULE)
  .transform(Number)
  .refine((value) => value <= 65_535, PORT_RULE);

const origins = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .refine((list) => list.every(isOrigin), ORIGIN_RULE);

const flag = z
  .string()
  .refine((value) => Object.hasOwn(TRUTH, value), 'must be true or false')
  .transform((value) => TRUTH[value] === true);

const MAX_LIMIT = 1_000_000;
const LIMIT_RULE = `must be a whole number from 1 to ${MAX_LIMIT}`;

const limit = z
  .string()
  .regex(/^[0-9]{1,7}$/, LIMIT_RULE)
  .transform(Number)
  .refine((value) => value >= 1 && value <= MAX_LIMIT, LIMIT_RULE)
  .optional();

/** Every variable the platform reads, each checked by itself; no message repeats a value. */
export const variables = z.object({
  PORT: port.default(3000),
  HOST: z
    .string()
    .regex(/^[^\s/]+$/, 'must be a host name or an address to listen on')
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: postgresUrl.optional(),
  REDIS_URL: logRedisUrl.optional(),
  REDIS_SENTINEL_URLS: logRedisUrls.optional(),
  REDIS_SENTINEL_NAME: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be the name of the master, without spaces')
    .optional(),
  REDIS_CLUSTER_URLS: logRedisUrls.optional(),
  CACHE_REDIS_URL: redisUrl.optional(),
  AUTH_SECRET: z.string().min(MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters`).optional(),
  PUBLISH_TOKEN: publishTokens.optional(),
  ALLOWED_ORIGINS: origins.default([]),
  DEMO_DATA: flag.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  MAX_HANDSHAKES_PER_ADDRESS: limit,
  MAX_PENDING_PER_ADDRESS: limit,
  MAX_CONNECTIONS_PER_ADDRESS: limit,
  MAX_CONNECTIONS_PER_USER: limit,
  HANDSHAKE_TIMEOUT_MS: limit,
  MAX_MESSAGES_PER_SOCKET: limit,
  MAX_SUBSCRIBES_PER_SOCKET: limit,
});

/** The variables once each of them is known to be good. */
export type Variables = z.output<typeof variables>;

/** Name of a variable. */
export type VariableName = keyof Variables;

function isOrigin(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value;
}
