import type { Shown } from './change-marks.js';
import { glowClass } from './glow-class.js';
import { useChangeMarks } from './use-change-marks.js';

/**
 * Lets elements glow once when what they show is new or differs: answers the classes of the element that shows `id`,
 * with those it has anyway.
 */
export function useGlow(shown: readonly Shown[]): (id: string, own: string | undefined) => string {
  const changes = useChangeMarks(shown);
  return (id, own) => [own, glowClass(changes(id))].filter(Boolean).join(' ');
}
