import { VisuallyHidden } from '@mantine/core';
import type { TeacherWeeklyReport } from '@querycast/platform-protocol';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { teacherStudentsQuery, teacherWeeklyReportsQuery } from '../api/queries.js';
import { CardsSkeleton } from '../app/CardsSkeleton.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { usePageDialog } from '../forms/use-page-dialog.js';
import type { Shown } from '../live/change-marks.js';
import { News } from '../live/News.js';
import { NewButton } from './NewButton.js';
import classes from './section.module.css';
import { useWeeklyWrites } from './weekly/use-weekly-writes.js';
import { type WeeklyDialog, WeeklyDialogs } from './weekly/WeeklyDialogs.js';
import { WeeklyList } from './weekly/WeeklyList.js';
import { weeklyTitle } from './weekly/weekly-title.js';

/** What a teacher writes to tutors each week. */
export function TeacherWeeklyReportsPage() {
  const api = useApi();
  const query = useQuery(teacherWeeklyReportsQuery(api));
  // Asked for at once: the first dialog shall not wait.
  const students = useQuery(teacherStudentsQuery(api));
  const writes = useWeeklyWrites();
  const { dialog, place, open, close } = usePageDialog<WeeklyDialog>();
  return (
    <>
      <PageHead
        title="Weekly reports"
        intro="For the tutors of your students, one a week on each. Parents never see them."
      >
        <NewButton label="New report" onClick={() => open({ kind: 'new' })} />
      </PageHead>
      {query.data && <News shown={query.data.map(shownReport)} />}
      <QueryState query={query} skeleton={<CardsSkeleton height={180} />}>
        {(reports) => (
          <section ref={place} tabIndex={-1} className={classes.section} aria-label="Weekly reports">
            <VisuallyHidden component="h2">Reports</VisuallyHidden>
            <WeeklyList reports={reports} open={open} />
          </section>
        )}
      </QueryState>
      <WeeklyDialogs dialog={dialog} students={students} writes={writes} onClose={close} />
    </>
  );
}

function shownReport(report: TeacherWeeklyReport): Shown {
  return [String(report.id), `weekly report on ${weeklyTitle(report)}, ${report.status}`];
}
