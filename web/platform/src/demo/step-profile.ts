import { type EditStudent, platformKeys } from '@querycast/platform-protocol';
import { tutorStudentsQuery } from '../api/queries.js';
import { writeOptions } from '../api/write.js';
import { ANNA, perform, type Step, StepImpossibleError } from './step.js';

/** Grade and goal before and after a good year. */
const PROFILES = [
  { grade: 7, goal: 'Win a place at the city mathematics olympiad' },
  { grade: 8, goal: 'Build a telescope for the school fair' },
] as const;

/** Changes Anna's grade and goal, and the next time back again. */
export const profileStep: Step = {
  title: 'Profile changes',
  person: 'Marina Belova, tutor',
  action: 'Change Anna’s grade and goal',
  async run({ tutor: { api, queryClient } }) {
    const students = await queryClient.fetchQuery(tutorStudentsQuery(api));
    const anna = students.find(({ id }) => id === ANNA.id);
    if (!anna) throw new StepImpossibleError('Anna is not a student of Marina any more.');
    const [before, after] = PROFILES;
    const next = anna.goal === after.goal ? before : after;
    const edit = writeOptions(queryClient, platformKeys.tutorStudents(), 'edit', (profile: EditStudent) =>
      api.editStudent(ANNA.id, profile),
    );
    await perform(queryClient, edit, next);
    const changed = { source: 'student_profiles', row: { user_id: ANNA.id } };
    return { said: `Anna is in grade ${next.grade}, with another goal.`, changed };
  },
};
