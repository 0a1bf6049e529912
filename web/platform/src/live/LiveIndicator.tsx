import { Popover, UnstyledButton } from '@mantine/core';
import { type LiveStatus, useLiveStatus } from '@querycast/react';
import { useId } from 'react';
import classes from './live-indicator.module.css';
import { caughtUpText, freshnessText, liveText } from './live-text.js';
import { useExplanation } from './use-explanation.js';

/** How fresh the page is, in a word; hovering, focusing or tapping it explains, and a screen reader hears why. */
export function LiveIndicator() {
  const status = useLiveStatus();
  const id = useId();
  const { isOpen, close, target, explanation } = useExplanation();
  const { tone, label } = liveText(status);
  // The status is around the button, not inside: assistive technology ignores roles inside of buttons.
  return (
    <span role="status" aria-live="polite">
      <Popover
        opened={isOpen}
        onChange={close}
        position="bottom-end"
        width={260}
        shadow="md"
        radius="md"
        withArrow
        // It is no dialog. It is always there, for what describes the button must be.
        withRoles={false}
        keepMounted
        keepMountedMode="display-none"
      >
        <Popover.Target>
          <UnstyledButton {...target} className={classes.target} data-tone={tone} aria-describedby={id}>
            <span className={classes.dot} aria-hidden="true" />
            {label}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown ref={explanation} id={id} role="tooltip" className={classes.explanation}>
          <Explanation status={status} />
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}

function Explanation({ status }: { status: LiveStatus }) {
  const caughtUp = caughtUpText(status);
  const freshness = freshnessText(status);
  return (
    <>
      <p>{liveText(status).explanation}</p>
      {caughtUp && <p className={classes.detail}>After the last interruption it {caughtUp}.</p>}
      {freshness && <p className={classes.detail}>The last change was here after {freshness}.</p>}
      {status.state !== 'live' && status.code && <p className={classes.detail}>Code: {status.code}</p>}
    </>
  );
}
