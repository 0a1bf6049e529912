import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { EnrolledSubject, TutorStudent } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useState } from 'react';
import { useApi } from '../api/api-context.js';
import { describeError } from '../api/errors.js';
import { isFocusLost } from '../app/focus.js';
import { useNotificationsStore } from '../notices/notifications-context.js';
import { assignMutation, unassignMutation } from './enrollment-mutations.js';
import classes from './undo.module.css';

/**
 * Takes subjects away from `student`, each with a chance to undo it. Whoever did it by keyboard goes on at the undo, and
 * at `place` when that is gone.
 */
export function useUnassign(student: TutorStudent, place: RefObject<HTMLElement | null>) {
  const api = useApi();
  const queryClient = useQueryClient();
  const store = useNotificationsStore();
  const [pending, setPending] = useState<ReadonlySet<number>>(new Set());
  const unassign = useMutation(unassignMutation(api, queryClient));
  const assign = useMutation(assignMutation(api, queryClient));

  async function undo(subject: EnrolledSubject, notificationId: string): Promise<void> {
    notifications.hide(notificationId, store);
    try {
      await assign.mutateAsync({
        studentId: student.id,
        subjectId: subject.subjectId,
        teacherId: subject.teacher.id,
      });
    } catch (error) {
      tell(`${subject.name} was not given back to ${student.name}`, describeError(error));
    }
  }

  async function start(subject: EnrolledSubject, button: HTMLElement): Promise<void> {
    if (pending.has(subject.enrollmentId)) return;
    const isFocused = document.activeElement === button;
    setPending((ids) => new Set(ids).add(subject.enrollmentId));
    try {
      await unassign.mutateAsync({ studentId: student.id, enrollmentId: subject.enrollmentId });
      offerUndo(subject, isFocused && isFocusLost(button));
    } catch (error) {
      tell(`${subject.name} is still assigned to ${student.name}`, describeError(error));
    } finally {
      setPending((ids) => new Set([...ids].filter((id) => id !== subject.enrollmentId)));
    }
  }

  function offerUndo(subject: EnrolledSubject, isNext: boolean): void {
    const id = `unassigned-${subject.enrollmentId}`;
    notifications.show(
      {
        id,
        'data-undo': id,
        autoClose: 10_000,
        withCloseButton: true,
        onClose: () => {
          if (document.activeElement?.closest(`[data-undo="${id}"]`)) place.current?.focus();
        },
        message: (
          <span className={classes.undo}>
            <span>
              {subject.name} was taken away from {student.name}.
            </span>
            <Button variant="light" size="xs" ref={isNext ? focus : undefined} onClick={() => void undo(subject, id)}>
              Undo
            </Button>
          </span>
        ),
      },
      store,
    );
  }

  function tell(title: string, message: string): void {
    notifications.show({ title, message, color: 'red', autoClose: 10_000 }, store);
  }

  return {
    pending,
    start: (subject: EnrolledSubject, button: HTMLElement) => void start(subject, button),
  };
}

/** One function for all renders: it runs when the element comes, not again and again. */
function focus(element: HTMLElement | null): void {
  element?.focus();
}
