import type {
  DashboardChild,
  PersonName,
  ReceivedStudyPlan,
  StudentProgress,
  StudentReport,
  StudyPlanSummary,
  TutorWeeklyReport,
} from '@querycast/platform-protocol';
import type { Shown } from '../live/change-marks.js';

/** What there is to say of the dashboard, but for the subjects: progress, plans and reports of each child. */
export function dashboardNews(children: readonly DashboardChild[]): Shown[] {
  return children.flatMap(({ id, name, progress, studyPlans, reports }) => [
    [`child-${id}`, `progress of ${name} is ${progress} %`] as const,
    ...studyPlans.map((plan): Shown => [`plan-${plan.id}`, `${planSentence(plan)} for ${name}`]),
    ...reports.map(({ kind, id: reportId, author }): Shown => {
      const report = kind === 'weekly' ? 'weekly report' : 'report';
      return [`${kind}-${reportId}`, `${report} from ${author.name} about ${name}`];
    }),
  ]);
}

/** What there is to say of a child's progress, by subject. */
export function progressNews({ subjects }: StudentProgress): Shown[] {
  return subjects.map(({ subjectId, name, progress }) => [String(subjectId), `progress in ${name} is ${progress} %`]);
}

/** What there is to say of a child's plans. */
export function planNews(plans: readonly ReceivedStudyPlan[]): Shown[] {
  return plans.map((plan) => [String(plan.id), planSentence(plan)]);
}

/** What there is to say of the teachers' reports on a child. */
export function reportNews(reports: readonly StudentReport[]): Shown[] {
  return reports.map(({ id, title, teacher }) => [String(id), `report “${title}” from ${teacher.name}`]);
}

/** What there is to say of tutors' weekly reports; that one is read as well: it is what the button's press comes to. */
export function weeklyReportNews(reports: readonly TutorWeeklyReport[]): Shown[] {
  return reports.map((report) => [
    String(report.id),
    `${weeklySentence(report)}${report.status === 'read' ? ', read' : ''}`,
  ]);
}

function planSentence({ title, subject, status }: StudyPlanSummary): string {
  return `study plan “${title}” in ${subject.name}${status === 'archived' ? ', archived,' : ''}`;
}

function weeklySentence({ tutor, student }: { tutor: PersonName; student: PersonName }): string {
  return `weekly report from ${tutor.name} about ${student.name}`;
}
