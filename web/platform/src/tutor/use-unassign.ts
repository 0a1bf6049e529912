import { notifications } from '@mantine/notifications';
import type { EnrolledSubject, TutorStudent } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { useApi } from '../api/api-context.js';
import { isFocusLost } from '../app/focus.js';
import { useNotificationsStore } from '../notices/notifications-context.js';
import { useActions } from '../notices/use-actions.js';
import { assignMutation, unassignMutation } from './enrollment-mutations.js';
import { undoNotification } from './undo-notification.js';

/**
 * Takes subjects away from `student`, each with a chance to undo it. Whoever did it by keyboard goes on at the undo, and
 * at `place` when that is gone.
 */
export function useUnassign(student: TutorStudent, place: RefObject<HTMLElement | null>) {
  const api = useApi();
  const queryClient = useQueryClient();
  const store = useNotificationsStore();
  const actions = useActions();
  const unassign = useMutation(unassignMutation(api, queryClient));
  const assign = useMutation(assignMutation(api, queryClient));

  function giveBack({ name, subjectId, teacher }: EnrolledSubject, action: string): void {
    notifications.hide(action, store);
    actions.run(action, () => assign.mutateAsync({ studentId: student.id, subjectId, teacherId: teacher.id }), {
      failed: `${name} was not given back to ${student.name}`,
    });
  }

  async function takeAway(subject: EnrolledSubject, button: HTMLElement): Promise<void> {
    const isFocused = document.activeElement === button;
    await unassign.mutateAsync({ studentId: student.id, enrollmentId: subject.enrollmentId });
    const id = actionOf(subject);
    const notification = undoNotification({
      id,
      message: `${subject.name} was taken away from ${student.name}.`,
      undo: () => giveBack(subject, id),
      isNext: isFocused && isFocusLost(button),
      onFocusLost: () => place.current?.focus(),
    });
    notifications.show(notification, store);
  }

  return {
    isPending: (subject: EnrolledSubject) => actions.isPending(actionOf(subject)),
    start: (subject: EnrolledSubject, button: HTMLElement) =>
      actions.run(actionOf(subject), () => takeAway(subject, button), {
        failed: `${subject.name} is still assigned to ${student.name}`,
      }),
  };
}

function actionOf({ enrollmentId }: EnrolledSubject): string {
  return `unassigned-${enrollmentId}`;
}
