import { CACHE_FAULTS } from './cache-faults.js';
import { DATABASE_FAULTS } from './database-faults.js';
import type { Fault } from './fault.js';
import { LOG_FAULTS } from './log-faults.js';
import { NODE_FAULTS } from './node-faults.js';
import { PAGE_FAULTS } from './page-faults.js';
import { RELAY_FAULTS } from './relay-faults.js';

/** Every fault that a run may meet. */
export const FAULTS: readonly Fault[] = [
  ...PAGE_FAULTS,
  ...NODE_FAULTS,
  ...RELAY_FAULTS,
  ...LOG_FAULTS,
  ...CACHE_FAULTS,
  ...DATABASE_FAULTS,
];
