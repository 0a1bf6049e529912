import type { PersonName, Subject, TutorStudent } from '@querycast/platform-protocol';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CSSProperties } from 'react';
import { useApi } from '../api/api-context.js';
import { assignMutation, unassignMutation } from '../tutor/enrollment-mutations.js';
import classes from './act-pane.module.css';

/** Assigns a subject with one teacher to a student, or takes it away again. */
export function SubjectToggle(props: {
  student: TutorStudent;
  subject: Subject;
  teacher: PersonName;
  onFailure: (error: unknown) => void;
}) {
  const { student, subject, teacher, onFailure } = props;
  const api = useApi();
  const queryClient = useQueryClient();
  const assign = useMutation(assignMutation(api, queryClient));
  const unassign = useMutation(unassignMutation(api, queryClient));
  const assigned = student.subjects.find((held) => held.subjectId === subject.id && held.teacher.id === teacher.id);
  const busy = assign.isPending || unassign.isPending;
  const subjectColor: CSSProperties & Record<'--subject', string> = { '--subject': subject.color };

  function toggle(): void {
    if (busy) return;
    const studentId = student.id;
    if (assigned) unassign.mutate({ studentId, enrollmentId: assigned.enrollmentId }, { onError: onFailure });
    else assign.mutate({ studentId, subjectId: subject.id, teacherId: teacher.id }, { onError: onFailure });
  }

  return (
    <button
      type="button"
      className={classes.toggle}
      style={subjectColor}
      aria-pressed={assigned !== undefined}
      // Not `disabled`: that would take the keyboard focus away from whoever has just pressed it.
      aria-disabled={busy}
      onClick={toggle}
    >
      <span className={classes.dot} aria-hidden="true" />
      <span>
        <span className={classes.subject}>{subject.name}</span>{' '}
        <span className={classes.teacher}>with {teacher.name}</span>
      </span>
      {assigned && <IconCheck className={classes.mark} size={17} stroke={2.2} aria-hidden="true" />}
    </button>
  );
}
