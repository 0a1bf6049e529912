import { readFileSync } from 'node:fs';

/**
 * Which Linux this is.
 *
 * @returns {string} The text of `/etc/os-release`; nothing on other systems.
 */
export function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    // Only Linux has it.
    return '';
  }
}
