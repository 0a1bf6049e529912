import type { Logger } from '@querycast/server';
import type { Signals } from '@querycast/server/postgres';
import { explicitSignals } from '../cache/dashboard-cache-manager.js';
import type { capturedTables } from '../db/captured-tables.js';
import { enrollmentSignal } from '../enrollments/enrollment-signal.js';
import { assignmentSignal } from '../materials/assignment-signal.js';
import { materialSignal } from '../materials/material-signal.js';
import { progressSignal } from '../materials/progress-signal.js';
import { userSignal } from '../people/user-signal.js';
import { studentReportSignal, teacherWeeklyReportSignal, tutorWeeklyReportSignal } from '../reports/report-signals.js';
import { studentProfileSignal } from '../students/student-profile-signal.js';
import { studyPlanSignal } from '../study-plans/study-plan-signal.js';
import { subjectSignal } from '../subjects/subject-signal.js';

/**
 * Who is affected by which change. Every captured table has its signal: forgetting one does not compile. Only the images
 * of a row may tell that nobody sees it; the database, which a signal reads later, may only tell who does. Otherwise a
 * second change in between could hide the first one from whoever it shuts out.
 */
export function platformSignals(logger: Logger): Signals {
  const ofTables: Record<(typeof capturedTables)[number]['table'], Signals[string]> = {
    users: userSignal,
    student_profiles: studentProfileSignal,
    subjects: subjectSignal,
    subject_enrollments: enrollmentSignal,
    study_plans: studyPlanSignal(logger),
    materials: materialSignal,
    material_assignments: assignmentSignal,
    material_progress: progressSignal,
    tutor_weekly_reports: tutorWeeklyReportSignal,
    teacher_weekly_reports: teacherWeeklyReportSignal,
    student_reports: studentReportSignal,
  };
  return { ...ofTables, ...explicitSignals };
}
