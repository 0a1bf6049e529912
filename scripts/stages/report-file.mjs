import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes place for a report: the one of an earlier run must not be taken for the next.
 *
 * @param {string} path
 */
export function clearReport(path) {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
}

/**
 * Reads a report.
 *
 * @template T
 * @param {string} path
 * @param {(report: any) => T} read
 * @returns {T | undefined} Undefined when the runner left none, or one that says nothing.
 */
export function readReport(path, read) {
  try {
    return read(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // No report is what a crashed runner leaves: the caller counts it as failed.
    return undefined;
  }
}
