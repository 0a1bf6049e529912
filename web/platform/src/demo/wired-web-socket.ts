import { WebSocket as EngineWebSocket } from 'socket.io-client';
import { onceCut, type Wire, whenWhole } from './wire.js';

/** Engine.IO's WebSocket running through `wire`: the same cut for a socket that Querycast does not keep. */
export function wiredWebSocket(wire: Wire): typeof EngineWebSocket {
  return class WiredWebSocket extends EngineWebSocket {
    override doOpen(): this {
      const stopWaiting = whenWhole(wire, () => {
        if (this.readyState === 'opening') super.doOpen();
      });
      const stopWatching = onceCut(wire, () => this.close());
      this.once('close', () => {
        stopWaiting();
        stopWatching();
      });
      return this;
    }
  };
}
