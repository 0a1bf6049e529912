import { Button } from '@mantine/core';
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import type { Wire } from './wire.js';
import classes from './wire-switch.module.css';

/** Cuts the wire of both parents' panes, and mends it. */
export function WireSwitch({ wire }: { wire: Wire }) {
  const isCut = useSyncExternalStore(wire.subscribe, wire.isCut);
  return (
    <div className={classes.switch} data-cut={isCut}>
      {isCut ? (
        <Button leftSection={<IconPlugConnected size={18} stroke={1.8} />} onClick={() => wire.restore()}>
          Reconnect
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<IconPlugConnectedX size={18} stroke={1.8} />}
          onClick={() => wire.cut()}
        >
          Cut the wire
        </Button>
      )}
      <p className={classes.note}>
        {isCut
          ? 'Both sockets are closed, none can be made. REST still works: whoever asks gets an answer.'
          : 'Closes the sockets of both parents’ panes, really. REST goes on working.'}
      </p>
    </div>
  );
}
