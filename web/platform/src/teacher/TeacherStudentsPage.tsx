import { PageHead } from '../app/PageHead.js';

/** Those whom a teacher teaches now. */
export function TeacherStudentsPage() {
  return <PageHead title="Students" />;
}
