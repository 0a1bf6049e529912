/** How much is generated: rows, by what they are. */
export interface Sizes {
  readonly students: number;
  readonly teachers: number;
  /** One for 200 students. */
  readonly tutors: number;
  /** Fewer than students: some have two children. */
  readonly parents: number;
  readonly subjects: number;
  /** Students whom the first teacher has: one in ten. */
  readonly bigTeacherStudents: number;
  readonly progressRows: number;
  readonly studyPlans: number;
  /** Of each kind. */
  readonly reports: number;
}

const STUDENTS_OF_TUTOR = 200;
const SUBJECTS = 20;

/** Everything else grows with the students: by default 10,000 and 200 teachers. */
export function sizesOf(students: number, teachers: number): Sizes {
  const tutors = Math.ceil(students / STUDENTS_OF_TUTOR);
  return {
    students,
    teachers,
    tutors,
    parents: Math.ceil(students * 0.8),
    subjects: SUBJECTS,
    bigTeacherStudents: Math.floor(students / 10),
    progressRows: students * 10,
    studyPlans: students * 2,
    reports: students,
  };
}
