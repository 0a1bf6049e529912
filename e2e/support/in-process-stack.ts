import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../server/platform/dist/config.js';
import { startPlatform } from '../../server/platform/dist/start-platform.js';
import { AUTH_SECRET, PUBLISH_TOKEN } from './platform-process.js';
import type { Stack } from './stack.js';

/** An embedded platform in this process. */
export interface InProcessStack {
  readonly stack: Stack;
  /** Runs a statement past the API, which no other process can: the embedded database has no other door. */
  sql(statement: string): Promise<void>;
}

/** Starts the built platform in this process, with the demo data. */
export async function startInProcess(): Promise<InProcessStack> {
  const folder = mkdtempSync(join(tmpdir(), 'querycast-e2e-'));
  const lines: string[] = [];
  const write = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const platform = await startPlatform(
    readConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder, DEMO_DATA: 'true', AUTH_SECRET, PUBLISH_TOKEN }),
    { logger: { debug() {}, info: write, warn: write, error: write } },
  );
  return {
    stack: {
      url: platform.url,
      nodes: [],
      log: () => lines.join('\n'),
      async close() {
        await platform.close();
        rmSync(folder, { recursive: true, force: true });
      },
    },
    async sql(statement) {
      await platform.parts.db.execute(statement);
    },
  };
}
