import { execFileSync } from 'node:child_process';

/**
 * Writes a shell script that can be run, under each of these paths. Another process writes it: whatever a thread of this
 * one starts meanwhile holds the open file for a moment, and what is open for writing cannot be run (`ETXTBSY`).
 */
export function writeProgram(script: string, ...paths: readonly string[]): void {
  const write = 'tee "$@" > /dev/null && chmod 755 "$@"';
  execFileSync('/bin/sh', ['-c', write, 'write', ...paths], { input: `#!/bin/sh\n${script}\n` });
}
