import type { TeacherMaterial } from '@querycast/platform-protocol';
import { useGlow } from '../../live/use-glow.js';
import { ProgressBar } from '../../progress/ProgressBar.js';
import classes from './material-students.module.css';

/** Who has a material, and how far they are; who gets it glows once, the very first one too. */
export function MaterialStudents({ material }: { material: TeacherMaterial }) {
  const { students, title, status } = material;
  const glow = useGlow(students.map(({ id, name }) => [String(id), name]));
  if (students.length === 0) {
    return (
      <p className={classes.none}>
        Nobody has it yet.{' '}
        {status === 'active' ? 'Whom you assign sees it at once.' : 'Whom you assign sees it once it is active.'}
      </p>
    );
  }
  return (
    <ul className={classes.list} aria-label={`Students with ${title}`}>
      {students.map(({ id, name, progressPercentage }) => (
        <li key={id} className={glow(String(id), classes.row)}>
          <span className={classes.name}>{name}</span>
          <ProgressBar value={progressPercentage} label={`Progress of ${name} in ${title}`} />
        </li>
      ))}
    </ul>
  );
}
