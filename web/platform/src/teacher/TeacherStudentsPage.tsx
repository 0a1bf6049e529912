import type { TeacherStudent } from '@querycast/platform-protocol';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { teacherStudentsQuery } from '../api/queries.js';
import { CardsSkeleton } from '../app/CardsSkeleton.js';
import { EmptyState } from '../app/EmptyState.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import type { Shown } from '../live/change-marks.js';
import { GlowList } from '../live/GlowList.js';
import { News } from '../live/News.js';
import { StudentCard } from './students/StudentCard.js';

/** Those whom a teacher teaches now. */
export function TeacherStudentsPage() {
  const query = useQuery(teacherStudentsQuery(useApi()));
  return (
    <>
      <PageHead title="Students" intro="Everybody who learns with you now. Progress is that in your own materials." />
      {query.data && <News shown={query.data.map(shownStudent)} />}
      <QueryState query={query} skeleton={<CardsSkeleton height={246} />}>
        {(students) => (
          <GlowList items={students} label="Students" empty={<NoStudents />}>
            {(student) => <StudentCard student={student} />}
          </GlowList>
        )}
      </QueryState>
    </>
  );
}

function NoStudents() {
  return (
    <EmptyState title="No students yet" icon={<IconUsers size={30} stroke={1.5} />}>
      They appear here by themselves when a tutor assigns them a subject with you.
    </EmptyState>
  );
}

function shownStudent({ id, name, progress, subjects, isActive }: TeacherStudent): Shown {
  const facts = [name, ...subjects.map((subject) => subject.name), `${progress} %`];
  return [String(id), [...facts, ...(isActive ? [] : ['deactivated'])].join(', ')];
}
