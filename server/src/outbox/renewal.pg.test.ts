import { renewalConformance } from './renewal.test.support.js';
import { openPostgres } from './test-database.test.support.js';

renewalConformance(openPostgres);
