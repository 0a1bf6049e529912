import type { ParentDashboard, TutorStudent } from '@querycast/platform-protocol';

/** Which subjects a parent's children have, as a text that two sources can be compared by. */
export type Subjects = string;

/** What the tutor's own list says about the children of one parent: the truth that the panes are measured against. */
export function trueSubjects(students: readonly TutorStudent[], parentId: number): Subjects {
  return text(students.filter((student) => student.parent?.id === parentId));
}

/** What a parent's dashboard shows. */
export function shownSubjects(dashboard: ParentDashboard): Subjects {
  return text(dashboard.children);
}

function text(people: readonly { id: number; subjects: readonly { enrollmentId: number }[] }[]): Subjects {
  const lines = people.map(({ id, subjects }) => {
    const ids = subjects.map((subject) => subject.enrollmentId).sort((a, b) => a - b);
    return `${id}: ${ids.join(' ')}`;
  });
  return lines.sort().join('\n');
}
