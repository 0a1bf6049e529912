import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../server/platform/dist/config.js';
import { createLogger } from '../../server/platform/dist/logger.js';
import { startPlatform } from '../../server/platform/dist/start-platform.js';
import { newSheet, recordMetrics } from '../written/record.js';
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
  const sheet = newSheet('log');
  const write = (line: string) => {
    lines.push(line);
    sheet.write(line);
  };
  const platform = await startPlatform(
    readConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder, DEMO_DATA: 'true', AUTH_SECRET, PUBLISH_TOKEN }),
    { logger: createLogger({ level: 'trace', node: 'in-process', destination: { write } }) },
  );
  return {
    stack: {
      url: platform.url,
      nodes: [],
      log: () => lines.join(''),
      async close() {
        await recordMetrics(platform.url);
        await platform.close();
        rmSync(folder, { recursive: true, force: true });
      },
    },
    async sql(statement) {
      await platform.parts.db.execute(statement);
    },
  };
}
