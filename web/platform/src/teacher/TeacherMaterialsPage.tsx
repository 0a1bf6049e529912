import { PageHead } from '../app/PageHead.js';

/** The materials a teacher wrote. */
export function TeacherMaterialsPage() {
  return <PageHead title="Materials" />;
}
