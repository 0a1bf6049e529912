import { useState } from 'react';
import { firstMarks, nextMarks, type Shown } from './change-marks.js';

/** How often each thing has changed while it was on the page, by id; 0 on the first render. */
export function useChangeMarks(shown: readonly Shown[]): (id: string) => number {
  const [marks, setMarks] = useState(() => firstMarks(shown));
  const next = nextMarks(marks, shown);
  // Derived while rendering, so that a change glows in the very frame in which it appears.
  if (next !== marks) setMarks(next);
  return (id) => next.counts.get(id) ?? 0;
}
