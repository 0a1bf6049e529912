import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { changesBetween, firstMarks, nextMarks, type Shown } from './change-marks.js';

/**
 * Says to a screen reader what the glow shows to the eye: what came, changed or went while the page was open. `shown`
 * are the things on the page, each with a sentence about it, without its full stop. With `newestOnly` they are the newest
 * of more: what goes has made room, and that is no news.
 */
export function News({ shown, newestOnly = false }: { shown: readonly Shown[]; newestOnly?: boolean }) {
  const [said, setSaid] = useState(() => ({ marks: firstMarks(shown), news: '' }));
  const next = nextMarks(said.marks, shown);
  // Derived while rendering, as the glow is: both come in the same frame.
  if (next !== said.marks) setSaid({ marks: next, news: newsOf(said.marks, next, newestOnly) || said.news });
  return (
    <VisuallyHidden aria-live="polite" aria-atomic="true">
      {said.news}
    </VisuallyHidden>
  );
}

/** More than this nobody would listen to. */
const MOST_SENTENCES = 6;

type Marks = ReturnType<typeof firstMarks>;

function newsOf(before: Marks, after: Marks, newestOnly: boolean): string {
  const { added, changed, removed } = changesBetween(before, after);
  const sentences = [
    ...added.map((sentence) => `New: ${sentence}.`),
    ...changed.map(([, sentence]) => `Changed: ${sentence}.`),
    ...(newestOnly ? [] : removed.map((sentence) => `Gone: ${sentence}.`)),
  ];
  return sentences.length <= MOST_SENTENCES ? sentences.join(' ') : `${sentences.length} things have changed.`;
}
