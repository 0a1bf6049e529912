import { settleConformance } from './settle.test.support.js';
import { openPglite } from './test-database.test.support.js';

settleConformance(openPglite);
