import { Checkbox, NativeSelect } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { TeacherStudent } from '@querycast/platform-protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { FormDialog } from '../../forms/FormDialog.js';
import type { Form } from '../../forms/form.js';
import '../checkbox.css';
import { mondayToCome } from '../../app/weeks.js';
import { MissingStudents } from '../MissingStudents.js';
import { onlyChoice, studentChoices } from '../student-choices.js';
import { PlanFields } from './PlanFields.js';
import { newPlanOf, type PlanValues, planRules } from './plan-form.js';
import { subjectChoices } from './subject-choices.js';
import type { PlanWrites } from './use-plan-writes.js';

/** Writes a plan, as a draft or sent at once. */
export function NewPlanDialog(props: {
  students: UseQueryResult<TeacherStudent[]>;
  /** Whom it is most likely for; empty when nobody is more likely than others. */
  studentId: string;
  create: PlanWrites['create'];
  onClose: () => void;
}) {
  const { create, onClose } = props;
  const students = props.students.data ?? [];
  const form = useForm<PlanValues>({ initialValues: emptyPlan(students, props.studentId), validate: planRules });
  const { studentId, sendAtOnce } = form.values;

  function chooseStudent(id: string): void {
    form.setFieldValue('studentId', id);
    form.setFieldValue('subjectId', onlyChoice(subjectChoices(students, id)));
  }

  return (
    <FormDialog
      title="New plan"
      submitLabel={sendAtOnce ? 'Send plan' : 'Save draft'}
      form={form}
      submit={(values) => create(newPlanOf(values))}
      onClose={onClose}
    >
      <MissingStudents query={props.students} />
      <NativeSelect
        label="Student"
        data={[{ value: '', label: 'Choose a student' }, ...studentChoices(students)]}
        {...form.getInputProps('studentId')}
        onChange={(event) => chooseStudent(event.currentTarget.value)}
      />
      <PlanFields form={form} subjects={subjectChoices(students, studentId)} />
      <SendAtOnce form={form} />
    </FormDialog>
  );
}

function SendAtOnce({ form }: { form: Form<PlanValues> }) {
  return (
    <Checkbox
      label="Send at once"
      description="The student and the parent see it immediately. A plan that was sent cannot be changed."
      {...form.getInputProps('sendAtOnce', { type: 'checkbox' })}
    />
  );
}

function emptyPlan(students: readonly TeacherStudent[], likelyId: string): PlanValues {
  const studentId = likelyId || onlyChoice(studentChoices(students));
  return {
    studentId,
    subjectId: onlyChoice(subjectChoices(students, studentId)),
    title: '',
    content: '',
    weekStartDate: mondayToCome(new Date()),
    sendAtOnce: false,
  };
}
