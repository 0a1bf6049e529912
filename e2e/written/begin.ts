import { beginRecord } from './record.js';

/** Global setup of Playwright: this run's record is its own. */
export default beginRecord;
