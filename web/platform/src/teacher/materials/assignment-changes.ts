/** What was ticked and unticked in a dialog, by student id. What is not in here stays as it is by then. */
export type AssignmentChanges = Readonly<Record<string, boolean>>;

/** Whether a student has the material, with the changes made. */
export function isTicked(changes: AssignmentChanges, assigned: ReadonlySet<number>, studentId: number): boolean {
  return changes[studentId] ?? assigned.has(studentId);
}

/** The changes with one more; a student who is back to what they had is no change any more. */
export function withTick(
  changes: AssignmentChanges,
  assigned: ReadonlySet<number>,
  studentId: number,
  ticked: boolean,
): AssignmentChanges {
  const { [studentId]: _, ...others } = changes;
  return assigned.has(studentId) === ticked ? others : { ...others, [studentId]: ticked };
}

/**
 * Exactly those who shall have the material then: who has it by now, whoever gave it to them, and who was ticked, without
 * who was unticked. Who is not a student any more and never had it cannot get it.
 */
export function assignedThen(
  changes: AssignmentChanges,
  assigned: ReadonlySet<number>,
  studentIds: readonly number[],
): number[] {
  return [...new Set([...assigned, ...studentIds])].filter((id) => isTicked(changes, assigned, id));
}
