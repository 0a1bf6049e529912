import { platformKeys } from '@querycast/platform-protocol';
import type { Signal } from '@querycast/server/postgres';
import { z } from 'zod';
import { guardiansOf } from '../audience/guardians.js';
import { tellAuthor, tellOfProgress, tellStudentOfProgress } from '../audience/of-student.js';
import { pupilsAmong } from '../audience/pupils.js';
import { differs, imagesOf, rowChanges } from '../audience/row-images.js';
import { staleFor, tell } from '../audience/told.js';
import { grouped } from '../dashboards/grouped.js';
import { materialFacts } from './material-facts.js';

const image = z.object({
  student_id: z.int(),
  material_id: z.int(),
  progress_percentage: z.int(),
  time_spent_minutes: z.int(),
  is_completed: z.boolean(),
});

/** Who is affected when students come further; the time they take is shown to themselves and to their parents. */
export const progressSignal: Signal = async (changes, pool) => {
  const reports = rowChanges(image, changes);
  const further = reports.filter((change) => differs(change, 'progress_percentage', 'is_completed'));
  const studentsOf = (some: typeof reports) => [
    ...new Set(some.flatMap((change) => imagesOf(change).map(({ student_id }) => student_id))),
  ];
  const cameFurther = new Set(studentsOf(further));
  const rows = further.flatMap(imagesOf);
  const facts = await materialFacts(
    pool,
    rows.map(({ material_id }) => material_id),
  );
  const guardians = await guardiansOf(pool, studentsOf(reports));
  const pupils = await pupilsAmong(pool, cameFurther);
  const studentsOfAuthor = grouped(rows, ({ material_id, student_id }) => [
    facts.get(material_id)?.authorId,
    student_id,
  ]);
  return staleFor(pool, [
    ...[...studentsOfAuthor].flatMap(([authorId, students]) => tellAuthor(authorId, students, pupils)),
    ...[...cameFurther].flatMap(tellStudentOfProgress),
    ...tellOfProgress(guardians.filter(({ studentId }) => cameFurther.has(studentId))),
    ...studentsOf(reports).flatMap((studentId) =>
      tell('student', studentId, platformKeys.studentMaterials(), platformKeys.studentProgress()),
    ),
    ...guardians.flatMap(({ studentId, parentId }) => tell('parent', parentId, platformKeys.childProgress(studentId))),
  ]);
};
