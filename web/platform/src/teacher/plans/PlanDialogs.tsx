import type { TeacherStudent, TeacherStudyPlan } from '@querycast/platform-protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { ConfirmDialog } from '../../forms/ConfirmDialog.js';
import { EditPlanDialog } from './EditPlanDialog.js';
import { NewPlanDialog } from './NewPlanDialog.js';
import type { PlanWrites } from './use-plan-writes.js';

/** A dialog about plans. */
export type PlanDialog =
  | { readonly kind: 'new'; readonly studentId: string }
  | { readonly kind: 'edit' | 'send' | 'archive' | 'delete'; readonly plan: TeacherStudyPlan };

/** Whichever dialog is open. */
export function PlanDialogs(props: {
  dialog: PlanDialog | undefined;
  students: UseQueryResult<TeacherStudent[]>;
  writes: PlanWrites;
  onClose: () => void;
}) {
  const { dialog, students, writes, onClose } = props;
  if (!dialog) return null;
  if (dialog.kind === 'new') {
    return <NewPlanDialog students={students} studentId={dialog.studentId} create={writes.create} onClose={onClose} />;
  }
  const { kind, plan } = dialog;
  const key = `${kind} ${plan.id}`;
  if (kind === 'edit') {
    return <EditPlanDialog key={key} plan={plan} students={students.data ?? []} edit={writes.edit} onClose={onClose} />;
  }
  return <PlanQuestion key={key} kind={kind} plan={plan} writes={writes} onClose={onClose} />;
}

type Question = 'send' | 'archive' | 'delete';

function PlanQuestion(props: { kind: Question; plan: TeacherStudyPlan; writes: PlanWrites; onClose: () => void }) {
  const { kind, plan, writes, onClose } = props;
  const { title, label, run } = {
    send: { title: 'Send this plan?', label: 'Send', run: writes.send },
    archive: { title: 'Archive this plan?', label: 'Archive', run: writes.archive },
    delete: { title: 'Delete this plan?', label: 'Delete', run: writes.remove },
  }[kind];
  return (
    <ConfirmDialog
      title={title}
      confirmLabel={label}
      destroys={kind === 'delete'}
      confirm={() => run(plan.id)}
      onClose={onClose}
    >
      {consequence(kind, plan)}
    </ConfirmDialog>
  );
}

function consequence(kind: Question, { title, student, status }: TeacherStudyPlan): string {
  const others = `${student.name} and the parent`;
  if (kind === 'send') return `${others} see “${title}” at once. A plan that was sent cannot be changed any more.`;
  if (kind === 'archive') {
    return `“${title}” stays readable for ${others}, as a plan of the past. It cannot be brought back.`;
  }
  return status === 'draft'
    ? `The draft “${title}” is gone for good. Nobody else has seen it.`
    : `“${title}” is gone for good, for ${others} as well.`;
}
