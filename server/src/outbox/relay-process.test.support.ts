import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { SIGNALS } from './outbox.test.support.js';
import { createRelay } from './relay.js';

/** A process of its own whose relay never gets to the end of its first pass. */
export interface RelayProcess {
  /** SIGKILL: nothing is released. */
  kill(): Promise<void>;
}

/** Starts one; resolves once its relay holds rows that it has evicted and is publishing. Kill it at the end. */
export async function startRelayProcess(connectionString: string): Promise<RelayProcess> {
  const child = fork(fileURLToPath(import.meta.url), [connectionString], {
    execArgv: ['--conditions=querycast-source', '--import', 'tsx'],
  });
  const exited = once(child, 'exit');
  const ended = exited.then(() => Promise.reject(new Error('the process ended before it published')));
  await Promise.race([once(child, 'message'), ended]);
  // Later ends are the test's own doing.
  ended.catch(() => {});
  return {
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , connectionString] = process.argv;
  process.once('disconnect', () => process.exit());
  const relay = createRelay({
    pool: new Pool({ connectionString }),
    signals: SIGNALS,
    cache: { evict: async () => {} },
    publisher: {
      invalidate() {
        process.send?.('publishing');
        return new Promise<never>(() => {});
      },
    },
  });
  await relay.start();
}
