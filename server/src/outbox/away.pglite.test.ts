import { awayConformance } from './away.test.support.js';
import { openPglite } from './test-database.test.support.js';

awayConformance(openPglite);
