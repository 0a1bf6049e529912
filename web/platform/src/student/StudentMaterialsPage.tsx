import { PageHead } from '../app/PageHead.js';

/** A student's materials, and how far each has come. */
export function StudentMaterialsPage() {
  return <PageHead title="Materials" />;
}
