import { PageHead } from '../app/PageHead.js';

/** One of a teacher's students, with the reports to the parent. */
export function TeacherStudentPage() {
  return <PageHead title="Student" />;
}
