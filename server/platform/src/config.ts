import type { GatewayLimits } from '@querycast/server';
import type { PublishToken } from '@querycast/server/express';
import type { z } from 'zod';
import { type ConfigProblem, combinationProblems } from './config/combinations.js';
import { type Distributed, distributedOf } from './config/distributed.js';
import { limitsOf } from './config/limits.js';
import { type VariableName, type Variables, variables } from './config/variables.js';

/** Variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the platform can be told from outside. */
export interface Config {
  /** Port to listen on; 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  /**
   * Folder of the database, the made secrets and the lock; of one host, and there of one container, at a time. Neither
   * used nor touched when `distributed`.
   */
  readonly dataDir: string;
  /** Signs access tokens; made and kept in `dataDir` when absent, and never absent when `distributed`. */
  readonly authSecret?: string;
  /** Open the HTTP door for publishers; one is made and kept in `dataDir` when absent, and never absent when `distributed`. */
  readonly publishTokens?: readonly (string | PublishToken)[];
  /** Origins besides the platform's own that may call the API and open sockets. */
  readonly allowedOrigins: readonly string[];
  /**
   * Whether the demo people are loaded and may log in, and `/demo` is served. Default: true, and false when
   * `distributed`: their password is public, so a database for production must not get them unasked.
   */
  readonly demoData: boolean;
  readonly logLevel: Variables['LOG_LEVEL'];
  /** What an address, a user and a socket may do at the gateway; those that are absent have its defaults. */
  readonly limits?: Partial<GatewayLimits>;
  /** PostgreSQL and Redis, for any number of processes; absent: this process is alone. */
  readonly distributed?: Distributed;
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
  const given = Object.fromEntries(variableNames.flatMap((name) => presentEntry(name, environment[name])));
  const result = variables.safeParse(given);
  const together = combinationProblems(new Set(variableNames.filter((name) => Object.hasOwn(given, name))));
  const problems = [...(result.error ? problemsOf(result.error) : []), ...together];
  if (!result.success || problems.length > 0) throw new ConfigError(firstOfEach(problems));

  const { data } = result;
  const distributed = distributedOf(data);
  return Object.freeze({
    port: data.PORT,
    host: data.HOST,
    dataDir: data.DATA_DIR,
    ...(data.AUTH_SECRET === undefined ? {} : { authSecret: data.AUTH_SECRET }),
    ...(data.PUBLISH_TOKEN === undefined ? {} : { publishTokens: Object.freeze(data.PUBLISH_TOKEN) }),
    allowedOrigins: Object.freeze(data.ALLOWED_ORIGINS),
    demoData: data.DEMO_DATA ?? distributed === undefined,
    logLevel: data.LOG_LEVEL,
    ...limitsOf(data),
    ...(distributed === undefined ? {} : { distributed }),
  });
}

/** The names of all variables, in the order in which problems are told. */
export const variableNames: readonly VariableName[] = variables.keyof().options;

function presentEntry(name: VariableName, value: string | undefined): [VariableName, string][] {
  return value === undefined || value.trim() === '' ? [] : [[name, value]];
}

function problemsOf(error: z.ZodError): ConfigProblem[] {
  return error.issues.map(({ path, message }) => ({ variable: String(path[0]), message }));
}

/** One problem per variable: the first rule it breaks is enough to act on. */
function firstOfEach(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const seen = new Map<string, ConfigProblem>();
  for (const problem of problems) if (!seen.has(problem.variable)) seen.set(problem.variable, problem);
  return [...seen.values()];
}
