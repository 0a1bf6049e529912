import { Button, Skeleton } from '@mantine/core';
import type { TutorStudent } from '@querycast/platform-protocol';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { teacherWeeklyReportsQuery, tutorStudentsQuery, tutorWeeklyReportsQuery } from '../api/queries.js';
import { Card } from '../app/Card.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { MissingList } from '../forms/MissingList.js';
import { usePageDialog } from '../forms/use-page-dialog.js';
import { News } from '../live/News.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { OwnReports } from './OwnReports.js';
import { ReceivedReports } from './ReceivedReports.js';
import { type ReportDialog, ReportDialogs } from './ReportDialogs.js';
import { ownReportNews, receivedReportNews } from './report-news.js';
import classes from './weekly-reports.module.css';

/** What a tutor writes to parents each week, and what teachers write to the tutor. */
export function TutorWeeklyReportsPage() {
  const students = useQuery(tutorStudentsQuery(useApi()));
  const { dialog, place, open, close } = usePageDialog<ReportDialog>();
  return (
    <WithNotifications>
      <PageHead title="Weekly reports" intro="You write to parents. Teachers write to you.">
        <Button
          disabled={!students.data?.length}
          onClick={() => students.data && open({ kind: 'new', students: students.data })}
        >
          New report
        </Button>
      </PageHead>
      <section ref={place} tabIndex={-1} className={classes.parts} aria-label="Weekly reports">
        <ToParents students={students} open={open} />
        <FromTeachers />
      </section>
      <ReportDialogs dialog={dialog} onClose={close} />
    </WithNotifications>
  );
}

function ToParents(props: { students: UseQueryResult<TutorStudent[]>; open: (dialog: ReportDialog) => void }) {
  const { students, open } = props;
  const query = useQuery(tutorWeeklyReportsQuery(useApi()));
  return (
    <Card title="To parents">
      {query.data && <News shown={ownReportNews(query.data)} />}
      {/* Without them no report can be written or sent. */}
      <MissingList query={students} of="your students" />
      <QueryState query={query} skeleton={<Skeleton height={160} />}>
        {(reports) => (
          <OwnReports
            reports={reports}
            students={students.data}
            actions={{
              edit: (report) => open({ kind: 'edit', report }),
              send: (report, parent) => open({ kind: 'send', report, parent }),
            }}
          />
        )}
      </QueryState>
    </Card>
  );
}

function FromTeachers() {
  const query = useQuery(teacherWeeklyReportsQuery(useApi()));
  return (
    <Card title="From teachers">
      {query.data && <News shown={receivedReportNews(query.data)} />}
      <QueryState query={query} skeleton={<Skeleton height={160} />}>
        {(reports) => <ReceivedReports reports={reports} />}
      </QueryState>
    </Card>
  );
}
