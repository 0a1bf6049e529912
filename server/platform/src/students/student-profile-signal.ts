import type { Signal } from '@querycast/server/postgres';
import { z } from 'zod';
import { staleForAudience } from './student-audience.js';

const image = z
  .object({ user_id: z.int(), parent_id: z.int().nullable(), tutor_id: z.int().nullable() })
  .transform(({ user_id, parent_id, tutor_id }) => ({ studentId: user_id, parentId: parent_id, tutorId: tutor_id }));

/**
 * Who is affected when profiles change: the parent and the tutor of before and of after, as the rows name them. A student
 * who was deleted is in no table any more, so nobody else could tell them.
 */
export const studentProfileSignal: Signal = async (changes) => {
  const images = changes.flatMap((change) => [change.old, change.new]).filter((row) => row !== null);
  return staleForAudience(images.map((row) => image.parse(row)));
};
