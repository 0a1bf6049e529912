import { captureConformance } from './capture.test.support.js';
import { openPostgres } from './test-database.test.support.js';

captureConformance(openPostgres);
