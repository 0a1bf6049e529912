import type { PersonName, TutorStudent } from '@querycast/platform-protocol';

/** The choice of no parent. */
export const NO_PARENT = '';
/** The choice of a parent who gets an account as well. */
export const NEW_PARENT = 'new';

/** The parents of these students, each once, by name. A tutor sees no others. */
export function parentsOf(students: readonly TutorStudent[]): PersonName[] {
  const known = new Map(students.flatMap(({ parent }) => (parent ? [[parent.id, parent] as const] : [])));
  return [...known.values()].sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id);
}

/** What a choice of a parent offers: nobody, and each of these. */
export function parentChoices(parents: readonly PersonName[]): { value: string; label: string }[] {
  return [
    { value: NO_PARENT, label: 'No parent' },
    ...parents.map(({ id, name }) => ({ value: String(id), label: name })),
  ];
}
