import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { type ShownChild, subjectNews } from './subject-news.js';

/** Says to a screen reader what the glow shows to the eye: subjects that came or went while the page was open. */
export function SubjectNews({ shown }: { shown: readonly ShownChild[] }) {
  const [said, setSaid] = useState({ shown, news: '' });
  // Derived while rendering, as the glow is: both come in the same frame.
  if (said.shown !== shown) setSaid({ shown, news: subjectNews(said.shown, shown) || said.news });
  return (
    <VisuallyHidden aria-live="polite" aria-atomic="true">
      {said.news}
    </VisuallyHidden>
  );
}
