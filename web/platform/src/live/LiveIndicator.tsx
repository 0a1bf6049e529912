import { Popover, UnstyledButton } from '@mantine/core';
import { useLiveStatus } from '@querycast/react';
import { useState } from 'react';
import classes from './live-indicator.module.css';
import { caughtUpText, liveText } from './live-text.js';

/** How fresh the page is, in a word; hovering, focusing or tapping it explains. */
export function LiveIndicator() {
  const status = useLiveStatus();
  const [open, setOpen] = useState(false);
  const { tone, label, explanation } = liveText(status);
  const caughtUp = caughtUpText(status);
  // The status is around the button, not inside: assistive technology ignores roles inside of buttons.
  return (
    <span role="status" aria-live="polite">
      <Popover opened={open} onChange={setOpen} position="bottom-end" width={260} shadow="md" radius="md" withArrow>
        <Popover.Target>
          <UnstyledButton
            className={classes.target}
            data-tone={tone}
            onMouseEnter={() => setOpen(true)}
            onMouseLeave={() => setOpen(false)}
            onFocus={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onClick={() => setOpen(true)}
          >
            <span className={classes.dot} aria-hidden="true" />
            {label}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown className={classes.explanation}>
          <p>{explanation}</p>
          {caughtUp && <p className={classes.detail}>After the last interruption it {caughtUp}.</p>}
          {status.state !== 'live' && status.code && <p className={classes.detail}>Code: {status.code}</p>}
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}
