import type { ParentDashboard, TutorStudent } from '@querycast/platform-protocol';

/** Which subjects a parent's children have, as a text that two sources can be compared by. */
export type Subjects = string;

/**
 * What the tutor's own list says about the children of one parent: the truth that the panes are measured against. The
 * tutor's list is fetched anew after each change, so a parent's pane that is faster than that fetch differs from the
 * truth too and is booked as stale for that moment; alike for both panes.
 */
export function trueSubjects(students: readonly TutorStudent[], parentId: number): Subjects {
  return text(students.filter((student) => student.parent?.id === parentId));
}

/** What a parent's dashboard shows. */
export function shownSubjects(dashboard: ParentDashboard): Subjects {
  return text(dashboard.children);
}

/** How many subjects a parent's dashboard shows, of all children. */
export function countSubjects(dashboard: ParentDashboard): number {
  return dashboard.children.reduce((count, child) => count + child.subjects.length, 0);
}

function text(people: readonly { id: number; subjects: readonly { enrollmentId: number }[] }[]): Subjects {
  const lines = people.map(({ id, subjects }) => {
    const ids = subjects.map((subject) => subject.enrollmentId).sort((a, b) => a - b);
    return `${id}: ${ids.join(' ')}`;
  });
  return lines.sort().join('\n');
}
