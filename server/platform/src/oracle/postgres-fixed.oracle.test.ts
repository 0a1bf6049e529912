import { createDistributedPlace } from '../testing/test-place.js';
import { oracleTests } from './oracle.test.support.js';

/** The other half is run beside it, with a random seed. */
const half = Math.ceil(Number(process.env['ORACLE_WRITES'] ?? 2_000) / 2);

oracleTests({
  name: 'PostgreSQL, fixed seed',
  place: () => createDistributedPlace(),
  hasManyConnections: true,
  writes: { fixed: half, random: 0 },
  timeoutMs: 24 * 3_600_000,
});
