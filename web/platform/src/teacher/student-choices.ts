import type { TeacherStudent } from '@querycast/platform-protocol';

/** A choice of a select. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A teacher's students, to choose from. */
export function studentChoices(students: readonly TeacherStudent[]): Choice[] {
  return students.map(({ id, name, isActive }) => ({
    value: String(id),
    label: isActive ? name : `${name} (deactivated)`,
  }));
}

/** The only choice there is; empty when there is none, or something to choose. */
export function onlyChoice(choices: readonly Choice[]): string {
  const [first, second] = choices;
  return first && !second ? first.value : '';
}
