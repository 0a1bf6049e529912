import { useId } from 'react';
import { GuidedStep } from './GuidedStep.js';
import classes from './guided-steps.module.css';
import { STEPS } from './steps.js';
import type { OpenDemo } from './use-demo-sessions.js';

/** The guide's scenarios, each at the touch of a button, with what travelled because of it. */
export function GuidedSteps({ demo }: { demo: OpenDemo }) {
  const headingId = useId();
  return (
    <section aria-labelledby={headingId}>
      <h2 id={headingId} className={classes.title}>
        Guided steps
      </h2>
      <p className={classes.hint}>Each button acts as the person named. Take a step as often as you like.</p>
      <ol className={classes.steps}>
        {STEPS.map((step, index) => (
          <li key={step.title}>
            <GuidedStep step={step} number={index + 1} demo={demo} />
          </li>
        ))}
      </ol>
      <p className={classes.footnote}>
        Measured from the moment a change is captured, inside its transaction and by the database’s clock, until the
        pane has it on the page. The way of that message to this browser is not counted.
      </p>
    </section>
  );
}
