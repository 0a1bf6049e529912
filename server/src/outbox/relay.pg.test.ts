import { relayConformance } from './relay-conformance.js';
import { openPostgres } from './test-database.test.support.js';

relayConformance(openPostgres);
