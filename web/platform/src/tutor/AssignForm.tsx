import { Button, NativeSelect } from '@mantine/core';
import type { TutorStudent } from '@querycast/platform-protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useApi } from '../api/api-context.js';
import { describeError } from '../api/errors.js';
import { subjectsQuery } from '../api/queries.js';
import { isFocusLost } from '../app/focus.js';
import { Notice } from '../app/Notice.js';
import classes from './assign-form.module.css';
import { assignableSubjects } from './assignable-subjects.js';
import { assignMutation } from './enrollment-mutations.js';

const NONE = '';

/** Gives a student a subject with one of its teachers. */
export function AssignForm({ student }: { student: TutorStudent }) {
  const api = useApi();
  const subjects = useQuery(subjectsQuery(api));
  const assign = useMutation(assignMutation(api, useQueryClient()));
  const subjectSelect = useRef<HTMLSelectElement>(null);
  const assignButton = useRef<HTMLButtonElement>(null);
  const [subjectId, setSubjectId] = useState(NONE);
  const [teacherId, setTeacherId] = useState(NONE);
  const choices = assignableSubjects(subjects.data ?? [], student.subjects);
  const subject = choices.find((choice) => String(choice.id) === subjectId);
  // With one teacher there is nothing to choose.
  const onlyTeacher = subject?.teachers.length === 1 ? subject.teachers[0] : undefined;
  const teacher = onlyTeacher ?? subject?.teachers.find((choice) => String(choice.id) === teacherId);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!subject || !teacher || assign.isPending) return;
    assign.mutate(
      { studentId: student.id, subjectId: subject.id, teacherId: teacher.id },
      {
        onSuccess: () => {
          // The button has nothing to do until another subject is chosen: the keyboard goes on there.
          if (assignButton.current && isFocusLost(assignButton.current)) subjectSelect.current?.focus();
          setSubjectId(NONE);
          setTeacherId(NONE);
        },
      },
    );
  }

  return (
    <form className={classes.form} onSubmit={submit} aria-label={`Assign a subject to ${student.name}`}>
      <NativeSelect
        ref={subjectSelect}
        label="Subject"
        value={subject ? subjectId : NONE}
        // Not with the last choice gone: the focus may just be here.
        disabled={subjects.isPending}
        onChange={(event) => {
          setSubjectId(event.currentTarget.value);
          setTeacherId(NONE);
        }}
        data={[
          { value: NONE, label: choices.length === 0 && subjects.isSuccess ? 'All are assigned' : 'Choose a subject' },
          ...choices.map((choice) => ({ value: String(choice.id), label: choice.name })),
        ]}
      />
      <NativeSelect
        label="Teacher"
        value={teacher ? String(teacher.id) : NONE}
        disabled={!subject}
        onChange={(event) => setTeacherId(event.currentTarget.value)}
        data={[
          { value: NONE, label: 'Choose a teacher' },
          ...(subject?.teachers ?? []).map((choice) => ({ value: String(choice.id), label: choice.name })),
        ]}
      />
      <Button
        ref={assignButton}
        type="submit"
        variant="light"
        disabled={!teacher && !assign.isPending}
        // Not `disabled` or `loading` meanwhile: both would take the keyboard focus away.
        aria-disabled={assign.isPending}
        data-disabled={assign.isPending}
      >
        Assign
      </Button>
      {assign.error && (
        <div className={classes.problem}>
          <Notice>{describeError(assign.error)}</Notice>
        </div>
      )}
      {subjects.error && !subjects.data && (
        <div className={classes.problem}>
          <Notice action={{ label: 'Try again', run: () => void subjects.refetch(), busy: subjects.isFetching }}>
            The list of subjects is missing. {describeError(subjects.error)}
          </Notice>
        </div>
      )}
    </form>
  );
}
