import classes from './code-note.module.css';

/** The code that keeps a pane. */
export function CodeNote({ code }: { code: string }) {
  return (
    <details className={classes.note}>
      <summary className={classes.summary}>The code that keeps it</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls sideways, which the keyboard must be able to do */}
      <pre className={classes.code} tabIndex={0}>
        {code}
      </pre>
    </details>
  );
}
