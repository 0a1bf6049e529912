import type { PersonName } from './people.js';
import type { SubjectName } from './subjects.js';

/** What a material is. */
export type MaterialType = 'lesson' | 'video' | 'exercise' | 'test';

/** Students see active ones. */
export type MaterialStatus = 'draft' | 'active' | 'archived';

/** A material as the student sees it. */
export interface StudentMaterial {
  id: number;
  title: string;
  type: MaterialType;
  author: PersonName;
  progressPercentage: number;
  timeSpentMinutes: number;
  isCompleted: boolean;
}

/**
 * One element of `GET /api/student/materials`: every subject that the student is enrolled in or has materials of, with
 * the assigned, active materials, which may be none yet.
 */
export interface SubjectMaterials {
  subjectId: number;
  name: string;
  /** CSS colour, `#rrggbb`. */
  color: string;
  /** Those who teach it to the student now. */
  teachers: PersonName[];
  materials: StudentMaterial[];
}

/** How far one student has come with a material. */
export interface AssignedStudent extends PersonName {
  progressPercentage: number;
  isCompleted: boolean;
}

/** One element of `GET /api/teacher/materials`: the teacher's own, in every status. */
export interface TeacherMaterial {
  id: number;
  title: string;
  type: MaterialType;
  status: MaterialStatus;
  subject: SubjectName;
  students: AssignedStudent[];
}

/** What `POST` and `PATCH` of a material answer. */
export interface Material {
  id: number;
  subjectId: number;
  title: string;
  type: MaterialType;
  status: MaterialStatus;
}

/** Body of `POST /api/teacher/materials`. */
export interface CreateMaterial {
  subjectId: number;
  /** 3..200 characters. */
  title: string;
  type: MaterialType;
  /** Default: `draft`. */
  status?: MaterialStatus;
}

/** Body of `PATCH /api/teacher/materials/:materialId`; at least one of them. */
export interface EditMaterial {
  subjectId?: number;
  title?: string;
  type?: MaterialType;
  status?: MaterialStatus;
}

/** Body and answer of `PUT /api/teacher/materials/:materialId/assignments`: exactly these students have it then. */
export interface MaterialAssignments {
  /** At most 1,000, each once. */
  studentIds: number[];
}
