import { renewalConformance } from './renewal.test.support.js';
import { openPglite } from './test-database.test.support.js';

renewalConformance(openPglite);
