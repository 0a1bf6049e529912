import { Skeleton } from '@mantine/core';
import { createNotificationsStore, Notifications } from '@mantine/notifications';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../api/api-context.js';
import { tutorStudentsQuery } from '../api/queries.js';
import { EmptyState } from '../app/EmptyState.js';
import { homePath } from '../app/home-path.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { useSession } from '../session/session-context.js';
import './notifications.css';
import { NotificationsContext } from './notifications-context.js';
import { StudentCard } from './StudentCard.js';
import classes from './students-page.module.css';

/** A tutor's students, and who teaches them what. */
export function StudentsPage() {
  const { user } = useSession();
  return user.role === 'tutor' ? <TutorStudents /> : <Navigate to={homePath(user.role)} replace />;
}

function TutorStudents() {
  const query = useQuery(tutorStudentsQuery(useApi()));
  // Goes with the page: what was said to one person, and the undo offered to them, must not meet the next one.
  const [notifications] = useState(createNotificationsStore);
  return (
    <NotificationsContext.Provider value={notifications}>
      <Notifications store={notifications} position="bottom-center" />
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
    </NotificationsContext.Provider>
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
