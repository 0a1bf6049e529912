import { embeddedPlace } from '../testing/embedded-place.js';
import { oracleTests } from './oracle.test.support.js';

const half = Math.ceil(Number(process.env['ORACLE_PGLITE_WRITES'] ?? 200) / 2);

oracleTests({
  name: 'PGlite',
  place: embeddedPlace,
  hasManyConnections: false,
  writes: { fixed: half, random: half },
  timeoutMs: 3_600_000,
});
