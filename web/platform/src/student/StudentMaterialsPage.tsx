import { Skeleton } from '@mantine/core';
import type { StudentMaterial, SubjectMaterials } from '@querycast/platform-protocol';
import { IconBook2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { studentMaterialsQuery } from '../api/queries.js';
import { EmptyState } from '../app/EmptyState.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { ConfirmDialog } from '../forms/ConfirmDialog.js';
import { usePageDialog } from '../forms/use-page-dialog.js';
import { News } from '../live/News.js';
import type { MaterialActions } from './MaterialRow.js';
import classes from './materials.module.css';
import { ReportDialog } from './ReportDialog.js';
import { SubjectCard } from './SubjectCard.js';
import { materialNews } from './student-news.js';
import { type ProgressReports, useProgressReports } from './use-progress-reports.js';

/** The open dialog, with what it was opened for: what changes on the page meanwhile does not change it. */
type Dialog = { kind: 'report' | 'done'; material: StudentMaterial };

/** A student's materials, and how far each has come. */
export function StudentMaterialsPage() {
  const query = useQuery(studentMaterialsQuery(useApi()));
  const reports = useProgressReports();
  const { dialog, place, open, close } = usePageDialog<Dialog>();
  const actions: MaterialActions = {
    startReport: (material) => open({ kind: 'report', material }),
    markDone: (material) => open({ kind: 'done', material }),
    isAsked: ({ id }) => dialog?.kind === 'done' && dialog.material.id === id,
  };
  return (
    <>
      <PageHead title="Materials" intro="What you report here your teachers and parents see at once." />
      {query.data && <News shown={materialNews(query.data)} />}
      <section ref={place} tabIndex={-1} className={classes.place} aria-label="Materials">
        <QueryState query={query} skeleton={<MaterialsSkeleton />}>
          {(subjects) => <Subjects subjects={subjects} reports={reports} actions={actions} />}
        </QueryState>
      </section>
      {dialog && <OpenDialog dialog={dialog} reports={reports} onClose={close} />}
    </>
  );
}

function OpenDialog(props: { dialog: Dialog; reports: ProgressReports; onClose: () => void }) {
  const { dialog, reports, onClose } = props;
  const { kind, material } = dialog;
  if (kind === 'report') {
    return (
      <ReportDialog
        material={material}
        report={(progress) => reports.report(material.id, progress)}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      title="Mark as done?"
      confirmLabel="Mark as done"
      destroys={false}
      confirm={() => reports.report(material.id, { progressPercentage: 100, timeSpentMinutes: 0 })}
      onClose={onClose}
    >
      “{material.title}” stays completed. Your teachers, tutor and parents see it at once.
    </ConfirmDialog>
  );
}

function Subjects(props: {
  subjects: readonly SubjectMaterials[];
  reports: ProgressReports;
  actions: MaterialActions;
}) {
  if (props.subjects.length === 0) {
    return (
      <EmptyState title="No materials yet" icon={<IconBook2 size={30} stroke={1.5} />}>
        Your subjects appear here when a tutor assigns them, and the materials when a teacher gives you some.
      </EmptyState>
    );
  }
  return (
    <div className={classes.page}>
      {props.subjects.map((subject) => (
        <SubjectCard
          key={subject.subjectId}
          subject={{ ...subject, materials: subject.materials.map(props.reports.shown) }}
          actions={props.actions}
        />
      ))}
    </div>
  );
}

function MaterialsSkeleton() {
  return (
    <div className={classes.page} aria-busy="true">
      <Skeleton height={196} radius="lg" />
      <Skeleton height={196} radius="lg" />
    </div>
  );
}
