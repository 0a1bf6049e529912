import type { LiveTransport, TransportConnection, TransportHandlers } from '@querycast/react';
import { onceCut, type Wire, whenWhole } from './wire.js';

/** Lets a live transport run through `wire`: cutting it closes the connection and keeps new ones from being made. */
export function wiredTransport(wire: Wire, inner: LiveTransport): LiveTransport {
  return { connect: (handlers) => connectThrough(wire, inner, handlers) };
}

function connectThrough(wire: Wire, inner: LiveTransport, handlers: TransportHandlers): TransportConnection {
  let connection: TransportConnection | undefined;
  let open = false;
  let over = false;

  function end(): void {
    over = true;
    stopWaiting();
    stopWatching();
    connection?.close();
  }

  const stopWatching = onceCut(wire, () => {
    // While the attempt still waits for the wire there is nothing to close.
    if (over || !connection) return;
    end();
    if (open) handlers.onClose('the wire was cut');
    else handlers.onProblem({ message: 'the wire was cut' });
  });

  const stopWaiting = whenWhole(wire, () => {
    connection = inner.connect({
      ...handlers,
      onOpen() {
        open = true;
        handlers.onOpen();
      },
      onProblem(problem) {
        end();
        handlers.onProblem(problem);
      },
      onClose(reason) {
        end();
        handlers.onClose(reason);
      },
    });
  });

  return {
    request: (event, payload) =>
      connection && !over ? connection.request(event, payload) : Promise.reject(new NotConnectedError()),
    close: end,
  };
}

/** A request was sent while there was no connection to carry it. */
export class NotConnectedError extends Error {
  readonly code = 'not_connected';

  constructor() {
    super('There is no connection to carry the request.');
    this.name = 'NotConnectedError';
  }
}
