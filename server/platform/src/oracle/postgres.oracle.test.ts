import { createDistributedPlace } from '../testing/test-place.js';
import { oracleTests } from './oracle.test.support.js';

oracleTests({
  name: 'PostgreSQL',
  place: () => createDistributedPlace(),
  hasManyConnections: true,
  writes: Number(process.env['ORACLE_WRITES'] ?? 2_000),
  timeoutMs: 24 * 3_600_000,
});
