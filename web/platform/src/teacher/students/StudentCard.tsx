import type { TeacherStudent } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import links from '../../app/links.module.css';
import { StatusBadge } from '../../app/StatusBadge.js';
import { Glow } from '../../live/Glow.js';
import { PersonHead } from '../../people/PersonHead.js';
import { ProgressBar } from '../../progress/ProgressBar.js';
import { materialsInWords } from './materials-in-words.js';
import { StudentSubjects } from './StudentSubjects.js';
import classes from './student-card.module.css';

/** One of a teacher's students; the name leads to all about them. */
export function StudentCard({ student }: { student: TeacherStudent }) {
  const { id, name, grade, goal, isActive, progress } = student;
  return (
    <article className={classes.card} aria-label={name}>
      <PersonHead
        name={name}
        heading={
          <h2>
            <Link to="/students/$studentId" params={{ studentId: String(id) }} className={links.quiet}>
              {name}
            </Link>
          </h2>
        }
        facts={
          <>
            Grade <Glow value={grade} />
          </>
        }
      >
        {!isActive && <StatusBadge status="deactivated" />}
      </PersonHead>
      <p className={classes.goal}>{goal ? <Glow value={goal} /> : 'No goal yet.'}</p>
      <StudentSubjects student={student} />
      <div className={classes.progress}>
        <p className={classes.materials}>
          <Glow value={materialsInWords(student)} />
        </p>
        <ProgressBar value={progress} label={`Progress of ${name}`} />
      </div>
    </article>
  );
}
