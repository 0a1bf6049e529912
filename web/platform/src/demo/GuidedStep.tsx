import { VisuallyHidden } from '@mantine/core';
import { useId } from 'react';
import { ActionButton } from '../notices/ActionButton.js';
import classes from './guided-steps.module.css';
import { StepResult } from './StepResult.js';
import type { Step } from './step.js';
import { stepNews } from './step-news.js';
import type { OpenDemo } from './use-demo-sessions.js';
import { useStep } from './use-step.js';

/** One scenario: who does what, the button that does it, and what came of it. */
export function GuidedStep({ step, number, demo }: { step: Step; number: number; demo: OpenDemo }) {
  const headingId = useId();
  const { state, run } = useStep(step, demo);
  const room = `parent:${demo.sessions.live.user.id}`;
  return (
    <article className={classes.step} aria-labelledby={headingId}>
      <div className={classes.head}>
        <span className={classes.number} aria-hidden="true">
          {number}
        </span>
        <div className={classes.words}>
          <h3 id={headingId} className={classes.name}>
            {step.title}
          </h3>
          <p className={classes.person}>{step.person}</p>
        </div>
      </div>
      <ActionButton variant="default" fullWidth pending={state.status === 'running'} onClick={run}>
        {step.action}
      </ActionButton>
      {state.status === 'failed' && <p className={classes.failed}>{state.why}</p>}
      {(state.status === 'running' || state.status === 'done') && <StepResult state={state} room={room} />}
      <VisuallyHidden aria-live="polite" aria-atomic="true">
        {stepNews(state, room)}
      </VisuallyHidden>
    </article>
  );
}
