import type { TeacherStudent } from '@querycast/platform-protocol';
import type { ReactNode } from 'react';
import { Card } from '../../app/Card.js';
import { Monogram } from '../../app/Monogram.js';
import { PageTitle } from '../../app/PageTitle.js';
import { StatusBadge } from '../../app/StatusBadge.js';
import { Glow } from '../../live/Glow.js';
import { Fact } from '../../people/Fact.js';
import { ProgressRing } from '../../progress/ProgressRing.js';
import { materialsInWords } from './materials-in-words.js';
import { StudentSubjects } from './StudentSubjects.js';
import classes from './student-details.module.css';

/** A student with the facts that a teacher knows, and what belongs below. */
export function StudentDetails({ student, children }: { student: TeacherStudent; children: ReactNode }) {
  const { name, grade, goal, isActive, progress } = student;
  return (
    <article className={classes.page} aria-label={name}>
      <header className={classes.head}>
        <Monogram name={name} size="large" />
        <PageTitle title={name} className={classes.name} />
        {!isActive && <StatusBadge status="deactivated" />}
      </header>
      <Card label={`About ${name}`}>
        <div className={classes.about}>
          <div className={classes.progress}>
            <ProgressRing value={progress} label={`Progress of ${name}`} />
            <p className={classes.materials}>
              <Glow value={materialsInWords(student)} />
            </p>
          </div>
          <dl className={classes.facts}>
            <Fact term="Grade">
              <Glow value={grade} />
            </Fact>
            <Fact term="Subjects with you">
              <StudentSubjects student={student} />
            </Fact>
            <Fact term="Goal">
              <Glow value={goal || 'None yet'} />
            </Fact>
          </dl>
        </div>
      </Card>
      {children}
    </article>
  );
}
