import { lateConformance } from './late.test.support.js';
import { openPglite } from './test-database.test.support.js';

lateConformance(openPglite);
