import type { Material, StudentProfile, Subject } from '@querycast/platform-protocol';
import { logIn, logInAsTutor } from './api.js';
import { type Account, EMAILS } from './person.js';

const PASSWORD = 'a-long-password';

/** A student of Marina and Elena with a parent, whom no other test knows: all that happens to them is this test's. */
export interface Family {
  readonly parent: Account;
  readonly student: Account;
  readonly studentId: number;
  /** Both names of the student. */
  readonly name: string;
  /** Reports how far the student is with the only material, straight to the API. */
  report(progressPercentage: number): Promise<void>;
}

/** Takes a family in: the student learns Mathematics and has a material that is not begun. */
export async function newFamily(url: string, lastName: string): Promise<Family> {
  const [student, parent] = ['child', 'parent'].map((who) => account(`${who}.${lastName}`));
  if (!student || !parent) throw new Error('there are two of them');
  const tutor = await logInAsTutor(url);
  const { id, name } = await tutor.write<StudentProfile>('POST', '/api/tutor/students', {
    ...student,
    firstName: 'Vera',
    lastName,
    grade: 6,
    goal: 'Count to a thousand',
    parent: { ...parent, firstName: 'Eva', lastName },
  });
  await tutor.assign(name, 'Mathematics');
  const material = await assignMaterial(url, id, lastName);
  const { write } = await logIn(url, student.email, PASSWORD);
  return {
    parent,
    student,
    studentId: id,
    name,
    async report(progressPercentage) {
      const progress = { progressPercentage, timeSpentMinutes: 1 };
      await write('POST', `/api/student/materials/${material.id}/progress`, progress);
    },
  };
}

function account(name: string): Account {
  return { email: `${name.toLowerCase()}@demo.test`, password: PASSWORD };
}

async function assignMaterial(url: string, studentId: number, title: string): Promise<Material> {
  const elena = await logIn(url, EMAILS.elena);
  const subjects = await elena.get<Subject[]>('/api/subjects');
  const subjectId = subjects.find(({ name }) => name === 'Mathematics')?.id;
  const fields = { subjectId, title: `Counting with ${title}`, type: 'exercise', status: 'active' };
  const material = await elena.write<Material>('POST', '/api/teacher/materials', fields);
  await elena.write('PUT', `/api/teacher/materials/${material.id}/assignments`, { studentIds: [studentId] });
  return material;
}
