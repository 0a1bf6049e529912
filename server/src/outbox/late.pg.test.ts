import { lateConformance } from './late.test.support.js';
import { openPostgres } from './test-database.test.support.js';

lateConformance(openPostgres);
