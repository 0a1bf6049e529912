import type { Timers } from './timers.js';

/** Cuts connections at even distances over `withinMs`, so that the other nodes are not stormed. */
export async function drainConnections(
  connections: readonly { cut(): void }[],
  withinMs: number,
  timers: Timers,
): Promise<void> {
  const waits = connections.map(
    (connection, index) =>
      new Promise<void>((resolve) => {
        timers.after((withinMs * index) / connections.length, () => {
          connection.cut();
          resolve();
        });
      }),
  );
  await Promise.all(waits);
}
