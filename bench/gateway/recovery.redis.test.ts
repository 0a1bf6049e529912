import { expect, test } from 'vitest';
import { MOST_BYTES, measureRecovery } from './measure-recovery.js';
import { startGatewayStack } from './stack.js';

const ROOMS = 20;
const CLIENTS = 60;

test('the return of everybody costs the server a subscription and a read per room, at most a read per client, however much was missed', async () => {
  const stack = await startGatewayStack();
  try {
    const figures = await measureRecovery(stack, { rooms: ROOMS, clients: CLIENTS, missed: [200, 8_000] });
    for (const { commands, received, exact } of figures) {
      expect(exact).toBe(CLIENTS);
      // Sweeps and probes may come in between.
      expect(commands.subscriptions).toBeGreaterThanOrEqual(ROOMS);
      expect(commands.subscriptions).toBeLessThan(2 * ROOMS);
      // Who comes while the row of a room is read waits for the next one, with all who do.
      expect(commands.scripts).toBeGreaterThanOrEqual(ROOMS);
      expect(commands.scripts).toBeLessThan(CLIENTS + ROOMS);
      expect(received.most).toBeLessThan(MOST_BYTES);
    }
  } finally {
    await stack.close();
  }
}, 60_000);
