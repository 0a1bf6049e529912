import type { TutorStudent } from '@querycast/platform-protocol';
import type { TutorApi } from './api.js';

/** What the demo's students learn in the demo data. */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  'Anna Petrova': ['Mathematics'],
  'Misha Petrov': ['English'],
  'Lev Sokolov': ['English'],
};

/** What the demo's steps change and change back. */
const ANNA = { grade: 7, goal: 'Win a place at the city mathematics olympiad' };

/** Takes back what tests do to the demo's students: their subjects, and Anna's profile. One read when there is nothing. */
export async function restoreStudents(tutor: TutorApi): Promise<void> {
  for (const student of await tutor.get<TutorStudent[]>('/api/tutor/students')) {
    const { name, grade, goal } = student;
    const wanted = SUBJECTS[name];
    if (!wanted) continue;
    const held = student.subjects.map((subject) => subject.name);
    for (const subject of held.filter((each) => !wanted.includes(each))) await tutor.unassign(name, subject);
    for (const subject of wanted.filter((each) => !held.includes(each))) await tutor.assign(name, subject);
    const changed = grade !== ANNA.grade || goal !== ANNA.goal;
    if (name === 'Anna Petrova' && changed) await tutor.edit(name, ANNA);
  }
}
