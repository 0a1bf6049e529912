import type {
  ReceivedStudyPlan,
  StudentDashboard,
  StudentProgress,
  StudyPlanSummary,
  SubjectMaterials,
} from '@querycast/platform-protocol';
import type { Shown } from '../live/change-marks.js';

/** What there is to say of a student's own dashboard. */
export function dashboardNews({ progress, subjects, openMaterials, studyPlans }: StudentDashboard): Shown[] {
  return [
    ['progress', `your progress is ${progress} %`],
    ...subjects.map(
      ({ enrollmentId, name, teacher }): Shown => [`subject-${enrollmentId}`, `${name} with ${teacher.name}`],
    ),
    ...openMaterials.map(
      ({ id, title, subject }): Shown => [`material-${id}`, `“${title}” in ${subject.name} is to be done`],
    ),
    ...studyPlans.map((plan): Shown => [`plan-${plan.id}`, planSentence(plan)]),
  ];
}

/** What there is to say of a student's materials. */
export function materialNews(subjects: readonly SubjectMaterials[]): Shown[] {
  return subjects.flatMap(({ name, materials }) =>
    materials.map(({ id, title, progressPercentage, isCompleted }): Shown => {
      const state = isCompleted ? 'completed' : `${progressPercentage} %`;
      return [String(id), `“${title}” in ${name}, ${state}`];
    }),
  );
}

/** What there is to say of a student's plans. */
export function planNews(plans: readonly ReceivedStudyPlan[]): Shown[] {
  return plans.map((plan) => [String(plan.id), planSentence(plan)]);
}

/** What there is to say of a student's progress. */
export function progressNews({ progress, subjects }: StudentProgress): Shown[] {
  return [
    ['progress', `your progress is ${progress} %`],
    ...subjects.map(
      (subject): Shown => [String(subject.subjectId), `progress in ${subject.name} is ${subject.progress} %`],
    ),
  ];
}

function planSentence({ title, subject, status }: StudyPlanSummary): string {
  return `study plan “${title}” in ${subject.name}${status === 'archived' ? ', archived' : ''}`;
}
