import { changesBetween, firstMarks, nextMarks, type Shown } from '../live/change-marks.js';

/** A child with the subjects that a page shows. */
export interface ShownChild {
  readonly id: number;
  readonly name: string;
  readonly subjects: readonly {
    readonly enrollmentId: number;
    readonly name: string;
    readonly teacher: { readonly name: string };
  }[];
}

/** What has changed in the subjects of the children, in sentences; empty when nothing has. Children who come or go say nothing. */
export function subjectNews(before: readonly ShownChild[], after: readonly ShownChild[]): string {
  const known = new Map(before.map((child) => [child.id, child]));
  return after
    .flatMap((child) => {
      const former = known.get(child.id);
      return former ? newsOf(former, child) : [];
    })
    .join(' ');
}

function newsOf(before: ShownChild, after: ShownChild): string[] {
  const marks = firstMarks(shownSubjects(before));
  const { added, changed, removed } = changesBetween(marks, nextMarks(marks, shownSubjects(after)));
  return [
    ...added.map((subject) => `${subject} added for ${after.name}.`),
    ...changed.map(([from, to]) => `${to} instead of ${from} for ${after.name}.`),
    ...removed.map((subject) => `${subject} taken away from ${after.name}.`),
  ];
}

function shownSubjects(child: ShownChild): Shown[] {
  return child.subjects.map(({ enrollmentId, name, teacher }) => [
    String(enrollmentId),
    `${name} with ${teacher.name}`,
  ]);
}
