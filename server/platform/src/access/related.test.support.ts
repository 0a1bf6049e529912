import type { SampleRows } from '../testing/sample-rows.test.support.js';
import type { Family } from './families.test.support.js';
import type { Relation } from './relations.js';

/** Makes a row, or picks one, that a family has to do with; answers its id. */
export type Maker = (rows: SampleRows, family: Family) => number | Promise<number>;

/** Rows of a relation. */
export interface Related {
  /** One that is that to the person of this family. Anew each time, where an endpoint uses it up. */
  readonly own: Maker;
  /** Ones of the same family that are not, or no longer, by what they are instead. */
  readonly not?: Readonly<Record<string, Maker>>;
  /** Whether it is the same to everybody: then another family's is none that is refused. */
  readonly isAnybodys?: boolean;
}

/** An example of everything that the first id in a path can be to somebody. */
export const RELATED: Readonly<Record<Relation, Related>> = {
  child: { own: (_, { student }) => student },
  tutee: { own: (_, { student }) => student },
  pupil: {
    own: (_, { student }) => student,
    not: {
      async 'a pupil of before'(rows, family) {
        const studentId = await rows.student({ parentId: family.parent, tutorId: family.tutor });
        await rows.enrollment({ studentId, subjectId: family.learned, teacherId: family.teacher, isActive: false });
        return studentId;
      },
    },
  },
  'assigned material': {
    own: (rows, family) => rows.material({ ...writtenBy(family), studentIds: [family.student] }),
    not: {
      'a draft': (rows, family) =>
        rows.material({ ...writtenBy(family), studentIds: [family.student], status: 'draft' }),
      'an archived one': (rows, family) =>
        rows.material({ ...writtenBy(family), studentIds: [family.student], status: 'archived' }),
      async 'one that was taken away'(rows, family) {
        const materialId = await rows.material(writtenBy(family));
        await rows.progress({ studentId: family.student, materialId, progressPercentage: 10 });
        return materialId;
      },
    },
  },
  'own plan': {
    own: (rows, { teacher, student, learned }) =>
      rows.studyPlan({ teacherId: teacher, studentId: student, subjectId: learned }),
  },
  'own material': { own: (rows, family) => rows.material(writtenBy(family)) },
  'own student report': {
    own: (rows, { teacher, student, parent }) =>
      rows.studentReport({ teacherId: teacher, studentId: student, parentId: parent }),
  },
  'own teacher report': {
    own: (rows, { teacher, student, tutor }) =>
      rows.teacherReport({ teacherId: teacher, studentId: student, tutorId: tutor }),
  },
  'own tutor report': { own: (rows, family) => rows.tutorReport(toParent(family)) },
  'received tutor report': {
    own: (rows, family) => rows.tutorReport({ ...toParent(family), status: 'sent' }),
    not: {
      'a draft': (rows, family) => rows.tutorReport(toParent(family)),
      async 'one about a child who has another parent now'(rows, family) {
        const studentId = await rows.student({ tutorId: family.tutor });
        return rows.tutorReport({ ...toParent(family), studentId, status: 'read' });
      },
    },
  },
  user: { own: (rows) => rows.person({ role: 'parent' }), isAnybodys: true },
};

function writtenBy({ teacher, learned }: Family) {
  return { authorId: teacher, subjectId: learned };
}

function toParent({ tutor, student, parent }: Family) {
  return { tutorId: tutor, studentId: student, parentId: parent };
}
