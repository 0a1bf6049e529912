import type { EnrolledSubject, Subject } from '@querycast/platform-protocol';

/** The subjects, with those of their teachers with whom a student does not have them yet; subjects without any left out. */
export function assignableSubjects(all: readonly Subject[], assigned: readonly EnrolledSubject[]): Subject[] {
  const taken = new Set(assigned.map((subject) => `${subject.subjectId} ${subject.teacher.id}`));
  return all
    .map((subject) => ({
      ...subject,
      teachers: subject.teachers.filter((teacher) => !taken.has(`${subject.id} ${teacher.id}`)),
    }))
    .filter((subject) => subject.teachers.length > 0);
}
