import type { StudentReport, TeacherStudent } from '@querycast/platform-protocol';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useApi } from '../api/api-context.js';
import { teacherStudentsQuery, writtenReportsQuery } from '../api/queries.js';
import { BackLink } from '../app/BackLink.js';
import { QueryState } from '../app/QueryState.js';
import { usePageDialog } from '../forms/use-page-dialog.js';
import type { Shown } from '../live/change-marks.js';
import { News } from '../live/News.js';
import { ParentReports } from './reports/ParentReports.js';
import { type ReportDialog, ReportDialogs } from './reports/ReportDialogs.js';
import { useReportWrites } from './reports/use-report-writes.js';
import { StudentDetails } from './students/StudentDetails.js';
import { StudentSkeleton } from './students/StudentSkeleton.js';
import { UnknownStudent } from './students/UnknownStudent.js';

/** One of a teacher's students, with the reports to the parent. */
export function TeacherStudentPage() {
  const { studentId } = useParams({ from: '/signed-in/students/$studentId' });
  const id = Number(studentId);
  return (
    <>
      <BackLink to="/students">Your students</BackLink>
      {/* What was typed about one student must not be kept for the next one. */}
      {Number.isSafeInteger(id) && id > 0 ? <Student key={id} id={id} /> : <UnknownStudent />}
    </>
  );
}

function Student({ id }: { id: number }) {
  const api = useApi();
  const query = useQuery(teacherStudentsQuery(api));
  const student = query.data?.find((candidate) => candidate.id === id);
  // Beside the students, not after them, unless it is known by then that there is nobody to ask about.
  const reports = useQuery({ ...writtenReportsQuery(api, id), enabled: !query.data || student !== undefined });
  const writes = useReportWrites(id);
  const { dialog, place, open, close } = usePageDialog<ReportDialog>();
  return (
    <>
      {student && reports.data && <News shown={[shownStudent(student), ...reports.data.map(shownReport)]} />}
      <QueryState query={query} skeleton={<StudentSkeleton />}>
        {() =>
          student ? (
            <StudentDetails student={student}>
              <ParentReports query={reports} studentName={student.name} open={open} place={place} />
            </StudentDetails>
          ) : (
            <UnknownStudent />
          )
        }
      </QueryState>
      <ReportDialogs dialog={dialog} studentName={student?.name ?? 'the student'} writes={writes} onClose={close} />
    </>
  );
}

function shownStudent({ name, progress, subjects }: TeacherStudent): Shown {
  return ['student', [name, ...subjects.map((subject) => subject.name), `${progress} %`].join(', ')];
}

function shownReport({ id, title, status }: StudentReport): Shown {
  return [String(id), `report ${title}, ${status}`];
}
