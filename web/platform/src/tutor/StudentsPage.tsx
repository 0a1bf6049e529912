import { Skeleton } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { tutorStudentsQuery } from '../api/queries.js';
import { EmptyState } from '../app/EmptyState.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { StudentCard } from './StudentCard.js';
import classes from './students-page.module.css';

/** A tutor's students, and who teaches them what. */
export function StudentsPage() {
  const query = useQuery(tutorStudentsQuery(useApi()));
  return (
    <WithNotifications>
      <PageHead title="Your students" intro="What you assign here shows on the parents’ pages at once." />
      <QueryState query={query} skeleton={<StudentsSkeleton />}>
        {(students) =>
          students.length > 0 ? (
            <div className={classes.list}>
              {students.map((student) => (
                <StudentCard key={student.id} student={student} />
              ))}
            </div>
          ) : (
            <EmptyState title="No students yet" icon={<IconUsers size={30} stroke={1.5} />}>
              Students that are given to you appear here by themselves.
            </EmptyState>
          )
        }
      </QueryState>
    </WithNotifications>
  );
}

function StudentsSkeleton() {
  return (
    <div className={classes.list} aria-busy="true">
      {['first', 'second', 'third'].map((key) => (
        <Skeleton key={key} height={196} radius="lg" />
      ))}
    </div>
  );
}
