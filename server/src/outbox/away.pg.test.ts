import { awayConformance } from './away.test.support.js';
import { openPostgres } from './test-database.test.support.js';

awayConformance(openPostgres);
