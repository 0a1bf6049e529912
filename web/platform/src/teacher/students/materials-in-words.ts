import type { TeacherStudent } from '@querycast/platform-protocol';

/** How much of the teacher's materials a student has completed, in words. */
export function materialsInWords({ materials, completed }: TeacherStudent): string {
  if (materials === 0) return 'No materials assigned yet';
  return `${completed} of ${materials} ${materials === 1 ? 'material' : 'materials'} completed`;
}
