import { ScriptError } from '../process/script-error.mjs';

/** The oldest Node the repository works with; `engines` of package.json says the same. */
export const OLDEST_NODE = '20.19.0';

/**
 * Whether dotted version `version` is `least` or newer.
 *
 * @param {string} version
 * @param {string} least
 */
export function isAtLeast(version, least) {
  const found = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [index, wanted] of least.split('.').map(Number).entries()) {
    const part = found[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

/** Throws a `ScriptError` when this Node is too old. */
export function requireNode() {
  if (isAtLeast(process.versions.node, OLDEST_NODE)) return;
  throw new ScriptError(
    `Node ${OLDEST_NODE} or newer is needed, this is ${process.versions.node}: see https://nodejs.org`,
  );
}
