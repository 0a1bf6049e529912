import { platformKeys } from '@querycast/platform-protocol';
import type { Signal } from '@querycast/server/postgres';
import { z } from 'zod';
import { guardiansOf } from '../audience/guardians.js';
import { tellAuthor, tellOfProgress, tellStudentOfProgress } from '../audience/of-student.js';
import { pupilsAmong } from '../audience/pupils.js';
import { imagesOf, rowChanges } from '../audience/row-images.js';
import { staleFor, tell } from '../audience/told.js';
import { grouped } from '../dashboards/grouped.js';
import { materialFacts } from './material-facts.js';

const image = z.object({ material_id: z.int(), student_id: z.int() });

/**
 * Who is affected when materials are assigned or taken away. Of one that is a draft only its author sees that; of one
 * that is archived by now the student may still be looking at the time before.
 */
export const assignmentSignal: Signal = async (changes, pool) => {
  const rows = rowChanges(image, changes).flatMap(imagesOf);
  const facts = await materialFacts(
    pool,
    rows.map(({ material_id }) => material_id),
  );
  const seen = rows.filter(({ material_id }) => !facts.get(material_id)?.isDraft);
  const studentIds = new Set(seen.map(({ student_id }) => student_id));
  const guardians = await guardiansOf(pool, studentIds);
  const pupils = await pupilsAmong(pool, studentIds);
  const studentsOfAuthor = grouped(seen, ({ material_id, student_id }) => [
    facts.get(material_id)?.authorId,
    student_id,
  ]);
  const authors = new Set(rows.map(({ material_id }) => facts.get(material_id)?.authorId));
  return staleFor(pool, [
    ...[...studentsOfAuthor].flatMap(([authorId, students]) => tellAuthor(authorId, students, pupils)),
    ...[...authors].flatMap((id) => tell('teacher', id, platformKeys.teacherMaterials())),
    ...[...studentIds].flatMap(tellStudentOfProgress),
    ...tellOfProgress(guardians),
  ]);
};
