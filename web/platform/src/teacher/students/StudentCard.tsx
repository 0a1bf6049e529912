import type { TeacherStudent } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import { Monogram } from '../../app/Monogram.js';
import { StatusBadge } from '../../app/StatusBadge.js';
import { Glow } from '../../live/Glow.js';
import { ProgressBar } from '../../progress/ProgressBar.js';
import { materialsInWords } from './materials-in-words.js';
import { StudentSubjects } from './StudentSubjects.js';
import classes from './student-card.module.css';

/** One of a teacher's students; the name leads to all about them. */
export function StudentCard({ student }: { student: TeacherStudent }) {
  const { id, name, grade, goal, isActive, progress } = student;
  return (
    <article className={classes.card} aria-label={name}>
      <header className={classes.head}>
        <Monogram name={name} />
        <div className={classes.who}>
          <h2 className={classes.name}>
            <Link to="/students/$studentId" params={{ studentId: String(id) }} className={classes.link}>
              {name}
            </Link>
          </h2>
          <p className={classes.facts}>
            Grade <Glow value={grade} />
          </p>
        </div>
        {!isActive && <StatusBadge status="deactivated" />}
      </header>
      <p className={classes.goal}>{goal ? <Glow value={goal} /> : 'No goal yet.'}</p>
      <StudentSubjects student={student} />
      <div className={classes.progress}>
        <p className={classes.facts}>
          <Glow value={materialsInWords(student)} />
        </p>
        <ProgressBar value={progress} label={`Progress of ${name}`} />
      </div>
    </article>
  );
}
