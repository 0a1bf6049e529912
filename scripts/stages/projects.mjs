/**
 * Projects of vitest.config.ts that need nothing but Node. Named one by one: of several that are not to run, vitest would
 * run each that one of the others lets through.
 */
export const ALONE = [
  'protocol',
  'server',
  'pglite',
  'platform',
  'web',
  'react',
  'web-oldest',
  'react-oldest',
  'scripts',
  'image',
];

/** Those that need Redis, PostgreSQL and nginx. */
export const ON_SERVERS = ['servers', 'platform-distributed'];

/** Random writes against the whole platform, alone because it takes both cores for minutes. */
export const ORACLE = ['oracle'];

/** Random faults in virtual time, and mistakes that they must show: takes both cores for a minute. */
export const SIMULATION = ['simulation'];

/** Everything that breaks, on the built platform; alone because it takes both cores for minutes, too. */
export const CHAOS = ['chaos'];

/** Hostile inputs at every door, thousands each: takes both cores for a minute. */
export const FUZZ = ['fuzz'];
