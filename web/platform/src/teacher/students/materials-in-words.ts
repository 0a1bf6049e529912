import type { TeacherStudent } from '@querycast/platform-protocol';
import { completedText } from '../../progress/progress-words.js';

/** How much of the teacher's materials a student has completed, in words. */
export function materialsInWords(student: TeacherStudent): string {
  return student.materials === 0 ? 'No materials assigned yet' : completedText(student);
}
