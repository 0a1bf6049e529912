import { Button } from '@mantine/core';
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { Fault } from './Fault.js';
import type { Wire } from './wire.js';

/** Cuts the wire of both parents' panes, and mends it. */
export function WireSwitch({ wire }: { wire: Wire }) {
  const isCut = useSyncExternalStore(wire.subscribe, wire.isCut);
  const button = isCut ? (
    <Button leftSection={<IconPlugConnected size={18} stroke={1.8} />} onClick={() => wire.restore()}>
      Reconnect
    </Button>
  ) : (
    <Button variant="default" leftSection={<IconPlugConnectedX size={18} stroke={1.8} />} onClick={() => wire.cut()}>
      Cut the wire
    </Button>
  );
  return (
    <Fault button={button} {...(isCut && { tone: 'warn' })}>
      {isCut
        ? 'Both sockets are closed, none can be made. REST still works: whoever asks gets an answer.'
        : 'Closes the sockets of both parents’ panes, really. REST goes on working.'}
    </Fault>
  );
}
