import type { VariableName } from './variables.js';

/** One variable that cannot be used. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

/** Where the logs of rooms may be: one of these. */
const LOGS = ['REDIS_URL', 'REDIS_SENTINEL_URLS', 'REDIS_CLUSTER_URLS'] as const;
const REDIS = [...LOGS, 'REDIS_SENTINEL_NAME', 'CACHE_REDIS_URL'] as const;

/**
 * Finds what would lose messages, answer stale data or mix two platforms up if the process started with these variables
 * together. Looks at which ones are there only, never at a value, so that it can be asked while some are malformed.
 */
export function combinationProblems(present: ReadonlySet<VariableName>): ConfigProblem[] {
  const redis = REDIS.filter((name) => present.has(name));
  const logs = LOGS.filter((name) => present.has(name));
  const problems: ConfigProblem[] = [];
  const refuse = (variable: VariableName, message: string) => problems.push({ variable, message });

  if (!present.has('DATABASE_URL') && redis.length === 0) return [];
  if (!present.has('DATABASE_URL')) {
    const given = `${redis.join(' and ')} ${redis.length === 1 ? 'is' : 'are'}`;
    refuse(
      'DATABASE_URL',
      `is missing and ${given} set: two databases would share the rooms and the cache of one Redis`,
    );
  } else if (logs.length === 0) {
    refuse('DATABASE_URL', `needs one of ${LOGS.join(', ')} beside it: another process would not hear of changes`);
  }
  const [log, ...others] = logs;
  for (const other of others) refuse(other, `cannot stand beside ${log}: the logs of rooms are in one place`);
  if (present.has('REDIS_SENTINEL_URLS') && !present.has('REDIS_SENTINEL_NAME')) {
    refuse(
      'REDIS_SENTINEL_NAME',
      'is missing: Sentinels watch several masters, and REDIS_SENTINEL_URLS does not say which',
    );
  }
  if (present.has('REDIS_SENTINEL_NAME') && !present.has('REDIS_SENTINEL_URLS')) {
    refuse('REDIS_SENTINEL_URLS', 'is missing: REDIS_SENTINEL_NAME names a master that only Sentinels can find');
  }
  if (!present.has('AUTH_SECRET')) {
    refuse('AUTH_SECRET', 'is missing: each process would make its own, and refuse the log-ins of the others');
  }
  if (!present.has('PUBLISH_TOKEN')) {
    refuse('PUBLISH_TOKEN', 'is missing: each process would make its own, and refuse the publishers of the others');
  }
  return problems;
}
