import type { ReactNode } from 'react';
import classes from './code-note.module.css';

/** The code that keeps a pane: the lines that decide what it shows, and a remark on what follows from them. */
export function CodeNote({ code, children }: { code: string; children: ReactNode }) {
  return (
    <details className={classes.note}>
      <summary className={classes.summary}>The code that keeps it</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls sideways, which the keyboard must be able to do */}
      <pre className={classes.code} tabIndex={0}>
        {code}
      </pre>
      <p className={classes.remark}>{children}</p>
    </details>
  );
}
