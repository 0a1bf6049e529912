import { Button } from '@mantine/core';
import type { TutorStudent } from '@querycast/platform-protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type RefObject, useRef } from 'react';
import { useApi } from '../api/api-context.js';
import { describeError } from '../api/errors.js';
import { subjectsQuery } from '../api/queries.js';
import { isFocusLost } from '../app/focus.js';
import { Notice } from '../app/Notice.js';
import { MissingList } from '../forms/MissingList.js';
import classes from './assign-form.module.css';
import { assignMutation } from './enrollment-mutations.js';
import { LessonSelects } from './LessonSelects.js';
import { NONE, useLessonChoice } from './use-lesson-choice.js';

/** Gives a student a subject with one of its teachers. */
export function AssignForm({ student }: { student: TutorStudent }) {
  const api = useApi();
  const query = useQuery(subjectsQuery(api));
  const assign = useMutation(assignMutation(api, useQueryClient()));
  const choice = useLessonChoice(student, query.data ?? []);
  const subjectSelect = useRef<HTMLSelectElement>(null);
  const assignButton = useRef<HTMLButtonElement>(null);

  function reset(): void {
    // The button has nothing to do until another subject is chosen: the keyboard goes on there.
    if (assignButton.current && isFocusLost(assignButton.current)) subjectSelect.current?.focus();
    choice.chooseSubject(NONE);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const { subject, teacher } = choice;
    if (!subject || !teacher || assign.isPending) return;
    assign.mutate({ studentId: student.id, subjectId: subject.id, teacherId: teacher.id }, { onSuccess: reset });
  }

  return (
    <form className={classes.form} onSubmit={submit} aria-label={`Assign a subject to ${student.name}`}>
      <LessonSelects choice={choice} query={query} subjectSelect={subjectSelect} />
      <AssignButton button={assignButton} isReady={choice.teacher !== undefined} isPending={assign.isPending} />
      <div className={classes.problems}>
        {assign.error && <Notice>{describeError(assign.error)}</Notice>}
        <MissingList query={query} of="subjects" />
      </div>
    </form>
  );
}

function AssignButton(props: { button: RefObject<HTMLButtonElement | null>; isReady: boolean; isPending: boolean }) {
  const { button, isReady, isPending } = props;
  return (
    <Button
      ref={button}
      type="submit"
      variant="light"
      disabled={!isReady && !isPending}
      // Not `disabled` or `loading` meanwhile: both would take the keyboard focus away.
      aria-disabled={isPending}
      data-disabled={isPending}
    >
      Assign
    </Button>
  );
}
