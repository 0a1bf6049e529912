import { createDistributedPlace } from '../testing/test-place.js';
import { oracleTests } from './oracle.test.support.js';

/** The other half is run beside it, with a fixed seed. */
const half = Math.ceil(Number(process.env['ORACLE_WRITES'] ?? 2_000) / 2);

oracleTests({
  name: 'PostgreSQL, random seed',
  place: () => createDistributedPlace(),
  hasManyConnections: true,
  writes: { fixed: 0, random: half },
  timeoutMs: 24 * 3_600_000,
});
