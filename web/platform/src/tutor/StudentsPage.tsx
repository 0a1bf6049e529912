import { Button, Skeleton } from '@mantine/core';
import type { PersonName, TutorStudent } from '@querycast/platform-protocol';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { tutorStudentsQuery } from '../api/queries.js';
import cardList from '../app/card-list.module.css';
import { EmptyState } from '../app/EmptyState.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { usePageDialog } from '../forms/use-page-dialog.js';
import { GlowList } from '../live/GlowList.js';
import { News } from '../live/News.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { AssignSeveralDialog } from './AssignSeveralDialog.js';
import { EditStudentDialog } from './EditStudentDialog.js';
import { NewStudentDialog } from './NewStudentDialog.js';
import { parentsOf } from './parent-choices.js';
import { type StudentActions, StudentCard } from './StudentCard.js';
import { studentNews } from './student-news.js';

/** The open dialog, with what it was opened for: what changes on the page meanwhile does not change it. */
type Dialog =
  | { kind: 'new'; parents: PersonName[] }
  | { kind: 'edit'; student: TutorStudent; parents: PersonName[] }
  | { kind: 'several'; student: TutorStudent };

/** A tutor's students, and who teaches them what. */
export function StudentsPage() {
  const query = useQuery(tutorStudentsQuery(useApi()));
  const { dialog, place, open, close } = usePageDialog<Dialog>();
  const parents = () => parentsOf(query.data ?? []);
  const actions: StudentActions = {
    edit: (student) => open({ kind: 'edit', student, parents: parents() }),
    assignSeveral: (student) => open({ kind: 'several', student }),
  };
  return (
    <WithNotifications>
      <PageHead title="Your students" intro="What you assign here shows on the parents’ pages at once.">
        <Button onClick={() => open({ kind: 'new', parents: parents() })}>New student</Button>
      </PageHead>
      {query.data && <News shown={studentNews(query.data)} />}
      <section ref={place} tabIndex={-1} className={cardList.place} aria-label="Students">
        <QueryState query={query} skeleton={<StudentsSkeleton />}>
          {(students) => (
            <GlowList items={students} label="Students" empty={<NoStudents />} isWide>
              {(student) => <StudentCard student={student} actions={actions} />}
            </GlowList>
          )}
        </QueryState>
      </section>
      {dialog && <OpenDialog dialog={dialog} onClose={close} />}
    </WithNotifications>
  );
}

function NoStudents() {
  return (
    <EmptyState title="No students yet" icon={<IconUsers size={30} stroke={1.5} />}>
      Add the first one with “New student”. Students that are given to you appear here by themselves.
    </EmptyState>
  );
}

function OpenDialog({ dialog, onClose }: { dialog: Dialog; onClose: () => void }) {
  switch (dialog.kind) {
    case 'new':
      return <NewStudentDialog parents={dialog.parents} onClose={onClose} />;
    case 'edit':
      return <EditStudentDialog student={dialog.student} parents={dialog.parents} onClose={onClose} />;
    case 'several':
      return <AssignSeveralDialog student={dialog.student} onClose={onClose} />;
  }
}

function StudentsSkeleton() {
  return (
    <div className={cardList.wide} aria-busy="true">
      {['first', 'second', 'third'].map((key) => (
        <Skeleton key={key} height={262} radius="lg" />
      ))}
    </div>
  );
}
