import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatformProcess } from './platform-process.js';
import type { StackFactory } from './stack.js';

/**
 * Makes platforms that are one process with an embedded database. The schema and the demo data are made once and copied:
 * much faster than to create them for each test.
 */
export async function createEmbeddedStacks(): Promise<StackFactory> {
  const template = mkdtempSync(join(tmpdir(), 'querycast-e2e-template-'));
  const first = await startPlatformProcess({ DATA_DIR: template });
  const code = await first.stop();
  if (code !== 0) throw new Error(`the server did not stop cleanly (code ${code}):\n${first.log.join('\n')}`);

  return {
    async start() {
      const folder = mkdtempSync(join(tmpdir(), 'querycast-e2e-'));
      cpSync(template, folder, { recursive: true });
      const node = await startPlatformProcess({ DATA_DIR: folder });
      return {
        url: node.url,
        nodes: [node],
        log: () => node.log.join('\n'),
        async close() {
          await node.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
    async close() {
      rmSync(template, { recursive: true, force: true });
    },
  };
}
