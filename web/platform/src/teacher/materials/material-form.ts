import type {
  CreateMaterial,
  EditMaterial,
  MaterialStatus,
  MaterialType,
  Subject,
  TeacherMaterial,
} from '@querycast/platform-protocol';
import { changedFields } from '../../forms/changed-fields.js';
import { chosen, text } from '../../forms/rules.js';

/** What the form of a material holds; the subject's id as a select has it, empty while nothing is chosen. */
export type MaterialValues = {
  subjectId: string;
  title: string;
  type: MaterialType;
  status: MaterialStatus;
};

/** What the server asks of a material as well. */
export const materialRules = { subjectId: chosen, title: text({ min: 3, max: 200 }) };

/** The values of a material that is there. */
export function valuesOfMaterial({ subject, title, type, status }: TeacherMaterial): MaterialValues {
  return { subjectId: String(subject.id), title, type, status };
}

/** The material that was typed. */
export function newMaterialOf(values: MaterialValues): CreateMaterial {
  return { ...values, subjectId: Number(values.subjectId) };
}

/** What was changed of a material; `undefined` when nothing was. */
export function editOf(material: TeacherMaterial, values: MaterialValues): EditMaterial | undefined {
  const before = newMaterialOf(valuesOfMaterial(material));
  const { subjectId, ...texts } = newMaterialOf(values);
  const { subjectId: _, ...textsBefore } = before;
  const changed: EditMaterial = {
    ...changedFields({ ...textsBefore }, { ...texts }),
    ...(subjectId !== before.subjectId && { subjectId }),
  };
  return Object.keys(changed).length > 0 ? changed : undefined;
}

/** What a teacher teaches, to choose from; `kept` as well, which a material is about already. */
export function taughtSubjects(
  subjects: readonly Subject[],
  teacherId: number,
  kept?: { readonly id: number; readonly name: string },
): { value: string; label: string }[] {
  const taught = subjects.filter(({ teachers }) => teachers.some(({ id }) => id === teacherId));
  const isMissing = kept && !taught.some(({ id }) => id === kept.id);
  return [...(isMissing ? [kept] : []), ...taught].map(({ id, name }) => ({ value: String(id), label: name }));
}
