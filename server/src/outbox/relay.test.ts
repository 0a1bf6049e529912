import { relayConformance } from './relay.test.support.js';
import { openPglite } from './test-database.test.support.js';

relayConformance(openPglite);
