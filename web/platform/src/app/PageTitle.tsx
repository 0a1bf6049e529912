import { useRef } from 'react';
import { usePageFocus } from './use-page-focus.js';

/** A page's title, as its heading and as the document's; it gets the focus when the page is come to by a link. */
export function PageTitle({ title, className }: { title: string; className?: string | undefined }) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageFocus(heading);
  return (
    <>
      <title>{`${title} · Querycast`}</title>
      <h1 ref={heading} tabIndex={-1} className={className}>
        {title}
      </h1>
    </>
  );
}
