/** Assigns Physics with Elena to Anna as somebody at a database prompt would, past the API. */
export const ASSIGN_PHYSICS = `
  INSERT INTO subject_enrollments (student_id, subject_id, teacher_id)
  SELECT student.id, subjects.id, teacher.id FROM users AS student, users AS teacher, subjects
  WHERE student.email = 'student@demo.test' AND teacher.email = 'teacher@demo.test' AND subjects.name = 'Physics';`;
