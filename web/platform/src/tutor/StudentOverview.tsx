import { Button } from '@mantine/core';
import type { TutorDashboard } from '@querycast/platform-protocol';
import { IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Card } from '../app/Card.js';
import { EmptyState } from '../app/EmptyState.js';
import { Monogram } from '../app/Monogram.js';
import { Glow } from '../live/Glow.js';
import { useGlow } from '../live/use-glow.js';
import { ProgressBar } from '../progress/ProgressBar.js';
import { subjectsText } from './overview-news.js';
import classes from './student-overview.module.css';

type Student = TutorDashboard['students'][number];

/** How far each of a tutor's students is; a new one glows once, the very first one too. */
export function StudentOverview({ students }: { students: readonly Student[] }) {
  const glow = useGlow(students.map(({ id }) => [String(id), '']));
  return (
    <Card
      title="Students"
      tools={
        <Button variant="default" size="xs" renderRoot={(props) => <Link to="/students" {...props} />}>
          Manage students
        </Button>
      }
    >
      {students.length === 0 ? (
        <EmptyState title="No students yet" icon={<IconUsers size={30} stroke={1.5} />}>
          Add the first one under <Link to="/students">Students</Link>. How far they are appears here by itself.
        </EmptyState>
      ) : (
        <ul className={classes.list}>
          {students.map((student) => (
            <li key={student.id} className={glow(String(student.id), classes.row)}>
              <StudentRow student={student} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function StudentRow({ student: { name, grade, goal, subjects, progress } }: { student: Student }) {
  return (
    <>
      <Monogram name={name} />
      <div className={classes.who}>
        <h3 className={classes.name}>{name}</h3>
        <p className={classes.goal}>
          Grade <Glow value={grade} />
          {goal && (
            <>
              {' '}
              · <Glow value={goal} />
            </>
          )}
        </p>
      </div>
      <p className={classes.subjects} data-none={subjects === 0}>
        <Glow value={subjectsText(subjects)} />
      </p>
      <div className={classes.progress}>
        <ProgressBar value={progress} label={`Progress of ${name}`} />
      </div>
    </>
  );
}
