import { useForm } from '@mantine/form';
import type { TeacherStudent, TeacherStudyPlan } from '@querycast/platform-protocol';
import { FormDialog } from '../../forms/FormDialog.js';
import { PlanFields } from './PlanFields.js';
import { editOf, type PlanValues, planRules, valuesOfPlan } from './plan-form.js';
import { subjectChoices } from './subject-choices.js';
import type { PlanWrites } from './use-plan-writes.js';

/** Changes a draft; whom it is for stays. */
export function EditPlanDialog(props: {
  /** As it was when the dialog opened. */
  plan: TeacherStudyPlan;
  students: readonly TeacherStudent[];
  edit: PlanWrites['edit'];
  onClose: () => void;
}) {
  const { plan, students, edit, onClose } = props;
  const form = useForm<PlanValues>({ initialValues: valuesOfPlan(plan), validate: planRules });

  async function submit(values: PlanValues): Promise<void> {
    const fields = editOf(plan, values);
    if (fields) await edit({ planId: plan.id, ...fields });
  }

  return (
    <FormDialog
      title={`Edit the plan for ${plan.student.name}`}
      submitLabel="Save"
      form={form}
      submit={submit}
      onClose={onClose}
    >
      <PlanFields form={form} subjects={subjectChoices(students, String(plan.studentId), plan.subject)} />
    </FormDialog>
  );
}
