import type { StudentReport } from '@querycast/platform-protocol';
import { IconMail } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { CardsSkeleton } from '../../app/CardsSkeleton.js';
import { EmptyState } from '../../app/EmptyState.js';
import { QueryState } from '../../app/QueryState.js';
import { GlowList } from '../../live/GlowList.js';
import { ReportCard } from '../../reports/ReportCard.js';
import { CardButton } from '../CardButton.js';
import { NewButton } from '../NewButton.js';
import section from '../section.module.css';
import classes from './parent-reports.module.css';
import type { ReportDialog } from './ReportDialogs.js';

/** What a teacher wrote to the parent of a student, drafts included. */
export function ParentReports(props: {
  query: UseQueryResult<StudentReport[]>;
  studentName: string;
  open: (dialog: ReportDialog) => void;
  /** Takes the focus where it would be lost. */
  place: RefObject<HTMLElement | null>;
}) {
  const { query, studentName, open, place } = props;
  return (
    <section ref={place} tabIndex={-1} className={section.section} aria-label="Reports to the parent">
      <header className={classes.head}>
        <h2 className={classes.title}>Reports to the parent</h2>
        <NewButton label="New report" onClick={() => open({ kind: 'new' })} />
      </header>
      <QueryState query={query} skeleton={<CardsSkeleton height={180} />}>
        {(reports) => (
          <GlowList items={reports} label="Reports" empty={<NoReports />}>
            {(report) => (
              <ReportCard report={{ ...report, text: report.content, who: whoOf(report, studentName) }}>
                {report.status === 'draft' && (
                  <>
                    <CardButton label="Send" of={report.title} isMain onClick={() => open({ kind: 'send', report })} />
                    <CardButton label="Edit" of={report.title} onClick={() => open({ kind: 'edit', report })} />
                  </>
                )}
              </ReportCard>
            )}
          </GlowList>
        )}
      </QueryState>
    </section>
  );
}

function whoOf({ teacher }: StudentReport, studentName: string): string {
  return `${teacher.name} to the parent of ${studentName}`;
}

function NoReports() {
  return (
    <EmptyState title="No reports yet" icon={<IconMail size={30} stroke={1.5} />}>
      Write the first one with “New report”. It stays a draft until you send it.
    </EmptyState>
  );
}
