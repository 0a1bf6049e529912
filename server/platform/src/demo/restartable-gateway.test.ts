import { createServer } from 'node:http';
import type { Gateway } from '@querycast/server';
import { expect, test, vi } from 'vitest';
import { createRestartableGateway } from './restartable-gateway.js';

/** Gateways that are made one after the other; `close` and `make` of each as the test wants them. */
function setUp() {
  const made: Gateway[] = [];
  const make = vi.fn(() => ({
    attach() {
      const gateway: Gateway = {
        evict: () => made.indexOf(gateway),
        recheck() {},
        recheckHere() {},
        sessions: () => [],
        isReady: () => true,
        drain: async () => {},
        close: vi.fn(async () => {}),
      };
      made.push(gateway);
      return gateway;
    },
  }));
  const gateway = createRestartableGateway({ httpServer: createServer(), behind: () => {}, make });
  /** The number of the gateway that is asked now. */
  const present = () => gateway.evict({ user: '1' }, 'deactivated');
  return { gateway, made, make, present };
}

test('an old gateway that cannot be closed is told of, and keeps no new one away', async () => {
  const { gateway, made, present } = setUp();
  vi.mocked(made[0]?.close as Gateway['close']).mockRejectedValueOnce(new Error('does not close'));
  await expect(gateway.restart(0)).rejects.toThrow('does not close');
  expect(present()).toBe(1);
  await gateway.restart(0);
  expect(present()).toBe(2);
  await gateway.close();
});

test('without a new gateway the restart fails, and the next one repairs it', async () => {
  const { gateway, make, present } = setUp();
  make.mockImplementationOnce(() => {
    throw new Error('cannot be made');
  });
  await expect(gateway.restart(0)).rejects.toThrow('cannot be made');
  await gateway.restart(0);
  expect(present()).toBe(1);
});

test('the end of all comes to its end while a restart fails', async () => {
  const { gateway, made } = setUp();
  vi.mocked(made[0]?.close as Gateway['close']).mockRejectedValueOnce(new Error('does not close'));
  const restarted = gateway.restart(60_000);
  const closed = gateway.close();
  await expect(restarted).rejects.toThrow('does not close');
  await closed;
});
