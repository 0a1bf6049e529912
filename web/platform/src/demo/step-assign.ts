import { subjectsQuery, tutorStudentsQuery } from '../api/queries.js';
import { assignMutation, unassignMutation } from '../tutor/enrollment-mutations.js';
import { ANNA, perform, type Step, StepImpossibleError } from './step.js';

const ELENA_ID = 6;
const SUBJECT = 'Physics';

/** Assigns Physics to Anna; when she has it, takes it away, so that it can be assigned again. */
export const assignStep: Step = {
  title: 'Tutor assigns a subject',
  person: 'Marina Belova, tutor',
  action: 'Assign Physics, or take it away',
  async run({ tutor: { api, queryClient } }) {
    const [subjects, students] = await Promise.all([
      queryClient.fetchQuery(subjectsQuery(api)),
      queryClient.fetchQuery(tutorStudentsQuery(api)),
    ]);
    const subject = subjects.find(
      ({ name, teachers }) => name === SUBJECT && teachers.some(({ id }) => id === ELENA_ID),
    );
    const anna = students.find(({ id }) => id === ANNA.id);
    if (!subject || !anna) throw new StepImpossibleError('Marina cannot assign Physics to Anna any more.');
    const studentId = anna.id;
    const held = anna.subjects.find(({ subjectId, teacher }) => subjectId === subject.id && teacher.id === ELENA_ID);
    if (held) {
      const { enrollmentId } = held;
      await perform(queryClient, unassignMutation(api, queryClient), { studentId, enrollmentId });
      return { said: 'Physics was taken away from Anna.', changed: enrollment(enrollmentId) };
    }
    const variables = { studentId, subjectId: subject.id, teacherId: ELENA_ID };
    const { id } = await perform(queryClient, assignMutation(api, queryClient), variables);
    return { said: 'Physics was assigned to Anna.', changed: enrollment(id) };
  },
};

function enrollment(id: number) {
  return { source: 'subject_enrollments', row: { id } };
}
