import { npmCommand } from '../process/npm-command.mjs';
import { runUninterrupted } from '../process/run.mjs';
import { ScriptError } from '../process/script-error.mjs';
import { isSerious } from './known-advisories.mjs';
import { PRODUCTION_WORKSPACES } from './production-packages.mjs';

/** A registry that needs longer is taken for one that does not answer. */
const TIMEOUT_MS = 20_000;

/** @typedef {{ findings: import('./known-advisories.mjs').Finding[] } | { unanswered: string }} RegistryAnswer */

/**
 * Asks npm's registry about every package that runs in production. `unanswered` says why there was no answer: some
 * mirrors know no advisories, and some machines no network.
 *
 * @param {string} root
 * @param {{ registry?: string, cache?: string, timeoutMs?: number }} [options] Default: the registry and npm's cache of the
 *   machine.
 * @returns {Promise<RegistryAnswer>} Rejects with a `ScriptError` when npm could not even ask.
 */
export async function askRegistry(root, { registry, cache, timeoutMs = TIMEOUT_MS } = {}) {
  const [command, ...before] = npmCommand();
  const args = [
    ...before,
    'audit',
    '--omit=dev',
    '--json',
    '--loglevel=silent',
    '--fetch-retries=0',
    // Or npm would find nothing without asking where the machine's settings keep it from the network.
    '--offline=false',
    ...PRODUCTION_WORKSPACES.map((workspace) => `--workspace=${workspace}`),
    ...(registry === undefined ? [] : [`--registry=${registry}`]),
    ...(cache === undefined ? [] : [`--cache=${cache}`]),
  ];
  const { output, timedOut } = await runUninterrupted(command, args, { cwd: root, quiet: true, timeoutMs });
  if (timedOut) return { unanswered: `no answer within ${timeoutMs / 1_000} s` };
  return readAnswer(output);
}

/**
 * @param {string} output
 * @returns {RegistryAnswer}
 */
function readAnswer(output) {
  const report = parse(output);
  if (report?.auditReportVersion === 2) return { findings: findingsOf(report) };
  // npm's own words when the registry is at fault; for a fault on this side it has an error with a code.
  if (typeof report?.message === 'string') return { unanswered: report.message };
  throw new ScriptError(`npm audit did not ask: ${report?.error?.summary ?? output.trim().slice(0, 200)}`);
}

/**
 * @param {any} report
 * @returns {import('./known-advisories.mjs').Finding[]}
 */
function findingsOf(report) {
  const vulnerabilities = /** @type {any[]} */ (Object.values(report.vulnerabilities));
  return (
    vulnerabilities
      // A text names another package of the report, which is why that one is in it.
      .flatMap(({ via }) => via)
      .filter((advisory) => typeof advisory !== 'string' && isSerious(advisory))
      .map(({ url, name, range, severity }) => ({
        id: url.replace(/^.*\//, ''),
        package: name,
        versions: range,
        severity,
      }))
  );
}

/**
 * @param {string} output
 * @returns {any}
 */
function parse(output) {
  try {
    // Node may have warned before it, about this version or the options of the environment.
    return JSON.parse(output.slice(output.indexOf('{')));
  } catch {
    // No JSON is no answer; the caller quotes what there was instead.
    return undefined;
  }
}
