import type { PersonName, StudyPlanStatus, TeacherStudyPlan } from '@querycast/platform-protocol';

/** Which plans to show. */
export interface PlanFilter {
  readonly status: StudyPlanStatus | 'all';
  /** `undefined`: of every student. */
  readonly studentId: number | undefined;
}

type Plans = readonly TeacherStudyPlan[];

/** The plans of one student, or all. */
export function plansOf(plans: Plans, studentId: number | undefined): Plans {
  return studentId === undefined ? plans : plans.filter((plan) => plan.studentId === studentId);
}

/** The plans in one status, or all. */
export function plansIn(plans: Plans, status: PlanFilter['status']): Plans {
  return status === 'all' ? plans : plans.filter((plan) => plan.status === status);
}

/** Whom the plans are for, each once, by name. */
export function plannedStudents(plans: Plans): PersonName[] {
  const students = new Map(plans.map(({ student }) => [student.id, student]));
  return [...students.values()].sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id);
}
