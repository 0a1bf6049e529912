/** Every table of the platform. */
export { databaseIdentity } from './schema/database-identity.js';
export { materialAssignments, materialProgress, materials } from './schema/materials.js';
export { passwordAttempts } from './schema/password-attempts.js';
export { studentProfiles, users } from './schema/people.js';
export { studentReports, teacherWeeklyReports, tutorWeeklyReports } from './schema/reports.js';
export { refreshTokens, sessions } from './schema/sessions.js';
export { studyPlans } from './schema/study-plans.js';
export { subjectEnrollments, subjects, teacherSubjects } from './schema/subjects.js';
