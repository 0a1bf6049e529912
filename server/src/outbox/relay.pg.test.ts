import { relayConformance } from './relay.test.support.js';
import { openPostgres } from './test-database.test.support.js';

relayConformance(openPostgres);
