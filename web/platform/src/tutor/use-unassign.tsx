import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { EnrolledSubject, TutorStudent } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/api-context.js';
import { describeError } from '../api/errors.js';
import { assignMutation, unassignMutation } from './enrollment-mutations.js';
import { useNotificationsStore } from './notifications-context.js';
import classes from './undo.module.css';

/** Takes subjects away from `student`, each with a chance to undo it. */
export function useUnassign(student: TutorStudent) {
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

  async function start(subject: EnrolledSubject): Promise<void> {
    setPending((ids) => new Set(ids).add(subject.enrollmentId));
    try {
      await unassign.mutateAsync({ studentId: student.id, enrollmentId: subject.enrollmentId });
      offerUndo(subject);
    } catch (error) {
      tell(`${subject.name} is still assigned to ${student.name}`, describeError(error));
    } finally {
      setPending((ids) => new Set([...ids].filter((id) => id !== subject.enrollmentId)));
    }
  }

  function offerUndo(subject: EnrolledSubject): void {
    const id = `unassigned-${subject.enrollmentId}`;
    notifications.show(
      {
        id,
        autoClose: 10_000,
        withCloseButton: true,
        message: (
          <span className={classes.undo}>
            <span>
              {subject.name} was taken away from {student.name}.
            </span>
            <Button variant="light" size="xs" onClick={() => void undo(subject, id)}>
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

  return { pending, start: (subject: EnrolledSubject) => void start(subject) };
}
