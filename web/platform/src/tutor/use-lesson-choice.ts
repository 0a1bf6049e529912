import type { Subject, TutorStudent } from '@querycast/platform-protocol';
import { useState } from 'react';
import { assignableSubjects } from './assignable-subjects.js';

/** What a select has while nothing is chosen. */
export const NONE = '';

/** A subject and one of its teachers, chosen for a student one after the other. */
export function useLessonChoice(student: TutorStudent, all: readonly Subject[]) {
  const [subjectId, setSubjectId] = useState(NONE);
  const [teacherId, setTeacherId] = useState(NONE);
  const subjects = assignableSubjects(all, student.subjects);
  // What was chosen may be gone by now.
  const subject = subjects.find(({ id }) => String(id) === subjectId);
  const teachers = subject?.teachers ?? [];
  // With one teacher there is nothing to choose.
  const teacher = teachers.length === 1 ? teachers[0] : teachers.find(({ id }) => String(id) === teacherId);

  function chooseSubject(id: string): void {
    setSubjectId(id);
    setTeacherId(NONE);
  }

  return { subjects, subject, teachers, teacher, chooseSubject, chooseTeacher: setTeacherId };
}

/** As {@link useLessonChoice} answers. */
export type LessonChoice = ReturnType<typeof useLessonChoice>;
