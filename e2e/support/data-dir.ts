import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from './stack.js';

/** Makes a folder with the schema and the demo data, to be copied: much faster than to create it for each test. */
export async function createDataTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'querycast-e2e-template-'));
  const stack = await startStack(folder);
  const code = await stack.stop();
  if (code !== 0) throw new Error(`the server did not stop cleanly (code ${code}):\n${stack.log.join('\n')}`);
  return folder;
}

/** A copy of the template. */
export function copyDataTemplate(template: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'querycast-e2e-'));
  cpSync(template, folder, { recursive: true });
  return folder;
}

/** Removes a folder of {@link createDataTemplate} or {@link copyDataTemplate}. */
export function removeDataDir(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
