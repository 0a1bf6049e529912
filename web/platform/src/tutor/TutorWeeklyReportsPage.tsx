import { Button, Skeleton } from '@mantine/core';
import type { PersonName, TutorStudent, TutorWeeklyReport } from '@querycast/platform-protocol';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useApi } from '../api/api-context.js';
import { describeError } from '../api/errors.js';
import { teacherWeeklyReportsQuery, tutorStudentsQuery, tutorWeeklyReportsQuery } from '../api/queries.js';
import { Card } from '../app/Card.js';
import { Notice } from '../app/Notice.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { News } from '../live/News.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { EditReportDialog } from './EditReportDialog.js';
import { NewReportDialog } from './NewReportDialog.js';
import { OwnReports } from './OwnReports.js';
import { ReceivedReports } from './ReceivedReports.js';
import { ownReportNews, receivedReportNews } from './report-news.js';
import { SendReportDialog } from './SendReportDialog.js';
import { useFocusKept } from './use-focus-kept.js';
import classes from './weekly-reports.module.css';

/** The open dialog, with what it was opened for: what changes on the page meanwhile does not change it. */
type Dialog =
  | { kind: 'new'; students: readonly TutorStudent[] }
  | { kind: 'edit'; report: TutorWeeklyReport }
  | { kind: 'send'; report: TutorWeeklyReport; parent: PersonName };

/** What a tutor writes to parents each week, and what teachers write to the tutor. */
export function TutorWeeklyReportsPage() {
  const api = useApi();
  const own = useQuery(tutorWeeklyReportsQuery(api));
  const received = useQuery(teacherWeeklyReportsQuery(api));
  const students = useQuery(tutorStudentsQuery(api));
  const [dialog, setDialog] = useState<Dialog>();
  const place = useRef<HTMLDivElement>(null);
  useFocusKept(dialog !== undefined, place);
  return (
    <WithNotifications>
      <PageHead title="Weekly reports" intro="You write to parents. Teachers write to you.">
        <Button
          disabled={!students.data?.length}
          onClick={() => students.data && setDialog({ kind: 'new', students: students.data })}
        >
          New report
        </Button>
      </PageHead>
      {own.data && <News shown={ownReportNews(own.data)} />}
      {received.data && <News shown={receivedReportNews(received.data)} />}
      <div ref={place} tabIndex={-1} className={classes.parts}>
        <Card title="To parents">
          <MissingStudents query={students} />
          <QueryState query={own} skeleton={<Skeleton height={160} />}>
            {(reports) => (
              <OwnReports
                reports={reports}
                students={students.data}
                actions={{
                  edit: (report) => setDialog({ kind: 'edit', report }),
                  send: (report, parent) => setDialog({ kind: 'send', report, parent }),
                }}
              />
            )}
          </QueryState>
        </Card>
        <Card title="From teachers">
          <QueryState query={received} skeleton={<Skeleton height={160} />}>
            {(reports) => <ReceivedReports reports={reports} />}
          </QueryState>
        </Card>
      </div>
      {dialog && <OpenDialog dialog={dialog} onClose={() => setDialog(undefined)} />}
    </WithNotifications>
  );
}

/** Without them no report can be written or sent. */
function MissingStudents({ query }: { query: UseQueryResult<TutorStudent[]> }) {
  if (!query.error || query.data) return null;
  return (
    <Notice action={{ label: 'Try again', run: () => void query.refetch(), busy: query.isFetching }}>
      The list of your students is missing. {describeError(query.error)}
    </Notice>
  );
}

function OpenDialog({ dialog, onClose }: { dialog: Dialog; onClose: () => void }) {
  switch (dialog.kind) {
    case 'new':
      return <NewReportDialog students={dialog.students} onClose={onClose} />;
    case 'edit':
      return <EditReportDialog report={dialog.report} onClose={onClose} />;
    case 'send':
      return <SendReportDialog report={dialog.report} parent={dialog.parent} onClose={onClose} />;
  }
}
