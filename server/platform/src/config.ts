import { z } from 'zod';

/** Variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Fewest characters of `AUTH_SECRET`: 32 bytes are what HS256 needs to be as strong as its hash (RFC 7518, 3.2). */
const MIN_SECRET_LENGTH = 32;
const MIN_PUBLISH_TOKEN_LENGTH = 16;
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

const schema = z.object({
  PORT: port.default(3000),
  HOST: z
    .string()
    .regex(/^[^\s/]+$/, 'must be a host name or an address to listen on')
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('.data'),
  AUTH_SECRET: z.string().min(MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters`).optional(),
  PUBLISH_TOKEN: z
    .string()
    .min(MIN_PUBLISH_TOKEN_LENGTH, `must have at least ${MIN_PUBLISH_TOKEN_LENGTH} characters`)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .optional(),
  ALLOWED_ORIGINS: origins.default([]),
  DEMO_DATA: flag.default(true),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
});

/** What the platform can be told from outside. */
export interface Config {
  /** Port to listen on; 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  /** Folder of the database, the made secrets and the lock; of one host, and there of one container, at a time. */
  readonly dataDir: string;
  /** Signs access tokens; made and kept in `dataDir` when absent. */
  readonly authSecret?: string;
  /** Opens the HTTP door for publishers; made and kept in `dataDir` when absent. */
  readonly publishToken?: string;
  /** Origins besides the platform's own that may call the API and open sockets. */
  readonly allowedOrigins: readonly string[];
  /** Whether the demo people are loaded and may log in, and `/demo` is served. */
  readonly demoData: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** One variable that cannot be used. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

/** The environment cannot be used; `problems` holds every bad variable, never its value. */
export class ConfigError extends Error {
  readonly code = 'bad_config';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ variable, message }) => `${variable} ${message}.`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads the configuration; a variable that is empty counts as absent. Throws {@link ConfigError}. */
export function readConfig(environment: Environment): Config {
  const present = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== '');
  const result = schema.safeParse(Object.fromEntries(present));
  if (!result.success) throw new ConfigError(problemsOf(result.error));
  const { PORT, HOST, DATA_DIR, AUTH_SECRET, PUBLISH_TOKEN, ALLOWED_ORIGINS, DEMO_DATA, LOG_LEVEL } = result.data;
  return Object.freeze({
    port: PORT,
    host: HOST,
    dataDir: DATA_DIR,
    ...(AUTH_SECRET === undefined ? {} : { authSecret: AUTH_SECRET }),
    ...(PUBLISH_TOKEN === undefined ? {} : { publishToken: PUBLISH_TOKEN }),
    allowedOrigins: Object.freeze(ALLOWED_ORIGINS),
    demoData: DEMO_DATA,
    logLevel: LOG_LEVEL,
  });
}

/** One problem per variable: the first rule it breaks is enough to act on. */
function problemsOf(error: z.ZodError): ConfigProblem[] {
  const problems = new Map<string, ConfigProblem>();
  for (const { path, message } of error.issues) {
    const variable = String(path[0]);
    if (!problems.has(variable)) problems.set(variable, { variable, message });
  }
  return [...problems.values()];
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value;
}
