import type { CreateStudyPlan, EditStudyPlan, TeacherStudyPlan } from '@querycast/platform-protocol';
import { changedFields } from '../../forms/changed-fields.js';
import { chosen, dayOfThisCentury, text } from '../../forms/rules.js';

/** What the form of a plan holds: ids as a select has them, empty while nothing is chosen. */
export type PlanValues = {
  studentId: string;
  subjectId: string;
  title: string;
  content: string;
  weekStartDate: string;
  /** Of a new plan only. */
  sendAtOnce: boolean;
};

/** What the server asks of a plan as well. */
export const planRules = {
  studentId: chosen,
  subjectId: chosen,
  title: text({ min: 3, max: 200 }),
  content: text({ min: 10, max: 10_000, lines: true }),
  weekStartDate: dayOfThisCentury,
};

/** The values of a plan that was written. */
export function valuesOfPlan(plan: TeacherStudyPlan): PlanValues {
  return {
    studentId: String(plan.studentId),
    subjectId: String(plan.subjectId),
    title: plan.title,
    content: plan.content,
    weekStartDate: plan.weekStartDate,
    sendAtOnce: false,
  };
}

/** The plan that was typed. */
export function newPlanOf(values: PlanValues): CreateStudyPlan {
  const { studentId, sendAtOnce } = values;
  return { studentId: Number(studentId), ...editable(values), status: sendAtOnce ? 'sent' : 'draft' };
}

/** What was changed of a draft; `undefined` when nothing was. */
export function editOf(draft: TeacherStudyPlan, values: PlanValues): EditStudyPlan | undefined {
  const changed = changedFields(editable(valuesOfPlan(draft)), editable(values));
  return Object.keys(changed).length > 0 ? changed : undefined;
}

function editable({ subjectId, title, content, weekStartDate }: PlanValues) {
  return { subjectId: Number(subjectId), title, content, weekStartDate };
}
