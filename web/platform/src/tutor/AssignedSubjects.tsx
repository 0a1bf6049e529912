import type { EnrolledSubject, TutorStudent } from '@querycast/platform-protocol';
import { IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useGlow } from '../live/use-glow.js';
import classes from './assigned-subjects.module.css';
import { useUnassign } from './use-unassign.js';

/** The subjects of a student; each can be taken away, and that undone. */
export function AssignedSubjects({ student }: { student: TutorStudent }) {
  const place = useRef<HTMLElement>(null);
  const unassign = useUnassign(student, place);
  const { subjects } = student;
  const glow = useGlow(subjects.map((subject) => [String(subject.enrollmentId), fingerprint(subject)]));
  // The section stays when the last subject goes: the focus can always return to it.
  return (
    <section ref={place} className={classes.place} tabIndex={-1} aria-label={`Subjects of ${student.name}`}>
      {subjects.length === 0 ? (
        <p className={classes.none}>No subjects yet.</p>
      ) : (
        <ul className={classes.list}>
          {subjects.map((subject) => (
            <li key={subject.enrollmentId} className={glow(String(subject.enrollmentId), classes.item)}>
              <span className={classes.dot} style={{ background: subject.color }} aria-hidden="true" />
              <span className={classes.name}>{subject.name}</span>
              <span className={classes.teacher}>{subject.teacher.name}</span>
              <button
                type="button"
                className={classes.remove}
                aria-label={`Unassign ${subject.name} with ${subject.teacher.name} from ${student.name}`}
                // Not `disabled`: that would take the keyboard focus away from whoever has just pressed it.
                aria-disabled={unassign.isPending(subject)}
                onClick={(event) => unassign.start(subject, event.currentTarget)}
              >
                <IconX size={16} stroke={2} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function fingerprint(subject: EnrolledSubject): string {
  return [subject.name, subject.color, subject.teacher.name].join('\n');
}
