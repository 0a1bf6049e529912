import { NativeSelect } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { type LessonChoice, NONE } from './use-lesson-choice.js';

/** The fields for a subject and, once it is chosen, for one of its teachers. */
export function LessonSelects(props: {
  choice: LessonChoice;
  /** Of all subjects. */
  query: UseQueryResult<unknown>;
  subjectSelect: RefObject<HTMLSelectElement | null>;
}) {
  const { choice, query, subjectSelect } = props;
  const { subjects, subject, teachers, teacher } = choice;
  return (
    <>
      <NativeSelect
        ref={subjectSelect}
        label="Subject"
        value={chosenId(subject)}
        // Not with the last choice gone: the focus may just be here.
        disabled={query.isPending}
        onChange={(event) => choice.chooseSubject(event.currentTarget.value)}
        data={[
          { value: NONE, label: subjects.length === 0 && query.isSuccess ? 'All are assigned' : 'Choose a subject' },
          ...subjects.map(optionOf),
        ]}
      />
      <NativeSelect
        label="Teacher"
        value={chosenId(teacher)}
        disabled={!subject}
        onChange={(event) => choice.chooseTeacher(event.currentTarget.value)}
        data={[{ value: NONE, label: 'Choose a teacher' }, ...teachers.map(optionOf)]}
      />
    </>
  );
}

function chosenId(chosen: { readonly id: number } | undefined): string {
  return chosen ? String(chosen.id) : NONE;
}

function optionOf({ id, name }: { readonly id: number; readonly name: string }) {
  return { value: String(id), label: name };
}
