import { embeddedPlace } from '../testing/embedded-place.js';
import { oracleTests } from './oracle.test.support.js';

oracleTests({
  name: 'PGlite',
  place: embeddedPlace,
  hasManyConnections: false,
  writes: Number(process.env['ORACLE_PGLITE_WRITES'] ?? 200),
  timeoutMs: 3_600_000,
});
