import { askRegistry } from '../audit/ask-registry.mjs';
import { findingsIn, readKnownAdvisories } from '../audit/known-advisories.mjs';
import { productionPackages, readLockfile } from '../audit/production-packages.mjs';

const DAY_MS = 24 * 3_600_000;

/**
 * Looks for serious advisories about what runs in production: in the list of the repository, and at the registry where
 * that answers. It says which of the two it was: a list grows old and never fails for that, a registry is of today.
 *
 * @param {string} root
 * @param {(line: string) => void} say
 * @param {{ registry?: string, cache?: string, timeoutMs?: number, known?: import('../audit/known-advisories.mjs').KnownAdvisories, nowMs?: number }} [options]
 *   Default: the machine's registry, the repository's list and today.
 * @returns {Promise<import('./stage.mjs').StageOutcome>}
 */
export async function auditStage(root, say, { known = readKnownAdvisories(), nowMs = Date.now(), ...asking } = {}) {
  const packages = productionPackages(readLockfile(root));
  const answer = await askRegistry(root, asking);
  const days = Math.max(0, Math.floor((nowMs - Date.parse(known.lookedUp)) / DAY_MS));
  const list = `the ${known.advisories.length} known advisories of ${known.lookedUp} (${days} days old)`;
  const findings = findingsIn(packages, known.advisories);
  if ('unanswered' in answer) {
    say(`The registry could not be asked (${answer.unanswered}): ${packages.length} packages against ${list} alone.`);
  } else {
    say(`The registry was asked about ${packages.length} packages; they were held against ${list} as well.`);
    findings.push(...answer.findings);
  }
  // Whoever is found twice is told once.
  const lines = new Map(findings.map((found) => [`${found.id} ${found.package}`, told(found)]));
  for (const line of lines.values()) say(`  ${line}`);
  if (lines.size === 0) return { passed: 1, failed: 0 };
  return { passed: 0, failed: 1, problem: [...lines.values()].join('; ') };
}

/** @param {import('../audit/known-advisories.mjs').Finding} finding */
function told({ id, package: name, versions, severity }) {
  return `${name} ${versions}: ${severity}, https://github.com/advisories/${id}`;
}
