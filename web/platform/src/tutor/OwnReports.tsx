import { Button } from '@mantine/core';
import type { PersonName, TutorStudent, TutorWeeklyReport } from '@querycast/platform-protocol';
import { IconMail } from '@tabler/icons-react';
import { EmptyState } from '../app/EmptyState.js';
import { GlowList } from '../live/GlowList.js';
import { ReportCard } from '../reports/ReportCard.js';
import { addresseeOf, titleOf } from './weekly-report.js';
import classes from './weekly-reports.module.css';

/** What can be done with a draft in a dialog of the page. */
export interface DraftActions {
  edit(report: TutorWeeklyReport): void;
  send(report: TutorWeeklyReport, parent: PersonName): void;
}

/** What a tutor wrote to parents. */
export function OwnReports(props: {
  reports: readonly TutorWeeklyReport[];
  /** To know the parents of now; `undefined` while they are not known. */
  students: readonly TutorStudent[] | undefined;
  actions: DraftActions;
}) {
  const { reports, students, actions } = props;
  return (
    <GlowList
      items={reports}
      label="Reports to parents"
      empty={
        <EmptyState title="No reports yet" icon={<IconMail size={30} stroke={1.5} />}>
          {students?.length === 0
            ? 'Add a student first: every report is about one.'
            : 'Write the first one with “New report”. It stays a draft until you send it.'}
        </EmptyState>
      }
    >
      {(report) => {
        const parent = addresseeOf(report, students);
        return (
          <ReportCard report={{ ...report, title: titleOf(report), text: report.summary, who: whoOf(parent) }}>
            {report.status === 'draft' && <DraftButtons report={report} parent={parent} actions={actions} />}
          </ReportCard>
        );
      }}
    </GlowList>
  );
}

function DraftButtons(props: {
  report: TutorWeeklyReport;
  parent: PersonName | null | undefined;
  actions: DraftActions;
}) {
  const { report, parent, actions } = props;
  const title = titleOf(report);
  return (
    <>
      <Button variant="default" size="xs" aria-label={`Edit ${title}`} onClick={() => actions.edit(report)}>
        Edit
      </Button>
      {parent ? (
        <Button variant="light" size="xs" aria-label={`Send ${title}`} onClick={() => actions.send(report, parent)}>
          Send
        </Button>
      ) : (
        parent === null && <span className={classes.hint}>It can be sent once {report.student.name} has a parent.</span>
      )}
    </>
  );
}

function whoOf(parent: PersonName | null | undefined): string {
  return parent ? `To ${parent.name}` : 'To the parent';
}
