import { settleConformance } from './settle.test.support.js';
import { openPostgres } from './test-database.test.support.js';

settleConformance(openPostgres);
