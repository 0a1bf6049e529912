import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The platform as a process of its own, from its sources. */
export interface MainProcess {
  readonly child: ChildProcess;
  /** Everything it has written so far. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Resolves when it has written this text to standard output. */
  said(text: string): Promise<void>;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts it on a free port, with these variables and no others. */
export function runMain(variables: Readonly<Record<string, string>>): MainProcess {
  const args = ['--conditions=querycast-source', '--import', 'tsx', MAIN];
  const env = { PATH: process.env['PATH'] ?? '', PORT: '0', ...variables };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const said = async (text: string) => {
    while (!output.stdout.includes(text)) await once(child.stdout, 'data');
  };
  return { child, output, said, ended: once(child, 'close').then(([code]) => code as number | null) };
}
