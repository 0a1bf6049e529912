import { afterAll, beforeAll, beforeEach } from 'vitest';
import { START_TIMEOUT_MS } from '../testing/test-platform.js';
import { openTestReads, type TestReads } from './reads.test.support.js';

/** The reads of the test file that has called {@link setFamily}; there from `beforeAll` on. */
export let reads: TestReads;
/** A family of its own for each test: a student with parent and tutor, and a teacher whom they have nothing with yet. */
export let parentId: number;
export let studentId: number;
export let teacherId: number;
export let tutorId: number;

/** Opens the reads for the tests of a file, and gives each test a family. */
export function setFamily(): void {
  beforeAll(async () => {
    reads = await openTestReads();
  }, START_TIMEOUT_MS);
  beforeEach(async () => {
    parentId = await reads.rows.person({ role: 'parent' });
    teacherId = await reads.rows.person({ role: 'teacher', firstName: 'Ada', lastName: 'Byron' });
    tutorId = await reads.rows.person({ role: 'tutor' });
    studentId = await reads.rows.student({ parentId, tutorId });
  });
  afterAll(() => reads.close());
}
