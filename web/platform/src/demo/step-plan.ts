import { type CreateStudyPlan, platformKeys } from '@querycast/platform-protocol';
import { teacherStudentsQuery } from '../api/queries.js';
import { writeOptions } from '../api/write.js';
import { mondayOf } from '../app/dates.js';
import { ANNA, perform, type Step, StepImpossibleError } from './step.js';

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** Writes a plan for Anna and sends it, with a title that tells it from the ones before. */
export const planStep: Step = {
  title: 'Teacher sends a study plan',
  person: 'Elena Orlova, teacher',
  action: 'Send Anna a new plan',
  async run({ teacher }) {
    const { api, queryClient } = await teacher.open();
    // Elena has no live pane here: what she knew a moment ago may be over.
    const students = await queryClient.fetchQuery({ ...teacherStudentsQuery(api), staleTime: 0 });
    const subject = students.find(({ id }) => id === ANNA.id)?.subjects[0];
    if (!subject) throw new StepImpossibleError('Anna learns nothing with Elena now: assign a subject of hers first.');
    const now = new Date();
    const send = writeOptions(queryClient, platformKeys.studyPlans(), 'send', (plan: CreateStudyPlan) =>
      api.createStudyPlan(plan),
    );
    const { id, title } = await perform(queryClient, send, {
      studentId: ANNA.id,
      subjectId: subject.subjectId,
      title: `Plan of ${time.format(now)}`,
      content: 'Monday to Thursday: five problems a day.\nFriday: talk through what was hard.',
      weekStartDate: mondayOf(now),
      status: 'sent',
    });
    return { said: `“${title}” was sent.`, changed: { source: 'study_plans', row: { id } } };
  },
};
