import type { SubjectName } from '@querycast/platform-protocol';
import classes from './subject-tag.module.css';

/** A subject's name with its colour. */
export function SubjectTag({ subject }: { subject: Pick<SubjectName, 'name' | 'color'> }) {
  return (
    <span className={classes.tag}>
      <span className={classes.dot} style={{ background: subject.color }} aria-hidden="true" />
      {subject.name}
    </span>
  );
}
