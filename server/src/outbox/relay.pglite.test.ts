import { relayConformance } from './relay-conformance.js';
import { openPglite } from './test-database.test.support.js';

relayConformance(openPglite);
