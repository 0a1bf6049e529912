import { Checkbox, Skeleton } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { TutorStudent } from '@querycast/platform-protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { subjectsQuery } from '../api/queries.js';
import { QueryState } from '../app/QueryState.js';
import { SubjectTag } from '../app/SubjectTag.js';
import { FormDialog } from '../forms/FormDialog.js';
import type { InputProps } from '../people/NameFields.js';
import './assign-several.css';
import classes from './assign-several.module.css';
import { asProblemOfLessons, type Lesson, lessonsFor, lessonsProblem } from './several-subjects.js';
import { assignSeveralMutation } from './student-mutations.js';

/** Assigns several subjects to a student at once; what the student has already is that of when it was opened. */
export function AssignSeveralDialog({ student, onClose }: { student: TutorStudent; onClose: () => void }) {
  const api = useApi();
  const query = useQuery(subjectsQuery(api));
  const assign = useMutation(assignSeveralMutation(api, useQueryClient()));
  const initialValues: { subjects: string[] } = { subjects: [] };
  const form = useForm({ initialValues, validate: { subjects: lessonsProblem } });
  const lessons = lessonsFor(query.data ?? [], student.subjects);

  async function submit({ subjects }: typeof initialValues): Promise<void> {
    const ticked = lessons.filter(({ value }) => subjects.includes(value));
    try {
      await assign.mutateAsync({
        studentId: student.id,
        subjects: ticked.map(({ subjectId, teacherId }) => ({ subjectId, teacherId })),
      });
    } catch (error) {
      throw asProblemOfLessons(error, ticked);
    }
  }

  return (
    <FormDialog
      title={`Assign several subjects to ${student.name}`}
      submitLabel={query.data && lessons.length === 0 ? undefined : 'Assign all ticked'}
      form={form}
      submit={submit}
      onClose={onClose}
    >
      <QueryState query={query} skeleton={<Skeleton height={120} />}>
        {() => <Lessons student={student} lessons={lessons} inputProps={form.getInputProps('subjects')} />}
      </QueryState>
    </FormDialog>
  );
}

function Lessons(props: { student: TutorStudent; lessons: readonly Lesson[]; inputProps: InputProps }) {
  const { student, lessons, inputProps } = props;
  if (lessons.length === 0) return <p>{student.name} has every subject with each of its teachers already.</p>;
  return (
    <Checkbox.Group label="Subjects" description="All of them are assigned, or none." {...inputProps}>
      <div className={classes.lessons}>
        {lessons.map((lesson) => (
          <LessonBox key={lesson.value} lesson={lesson} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

function LessonBox({ lesson: { value, label, color } }: { lesson: Lesson }) {
  return <Checkbox value={value} label={<SubjectTag subject={{ name: label, color }} />} />;
}
