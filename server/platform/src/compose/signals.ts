import type { Signals } from '@querycast/server/postgres';
import { explicitSignals } from '../cache/dashboard-cache-manager.js';
import type { capturedTables } from '../db/captured-tables.js';
import type { Database } from '../db/database.js';
import { enrollmentSignal } from '../enrollments/enrollment-signal.js';
import { studentProfileSignal } from '../students/student-profile-signal.js';

/** Who is affected by which change. Every captured table has its signal: forgetting one does not compile. */
export function platformSignals(db: Database): Signals {
  const ofTables: Record<(typeof capturedTables)[number]['table'], Signals[string]> = {
    student_profiles: studentProfileSignal,
    subject_enrollments: enrollmentSignal(db),
  };
  return { ...ofTables, ...explicitSignals };
}
