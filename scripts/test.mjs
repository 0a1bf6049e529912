#!/usr/bin/env node
/** `npm test`: installs what is missing, then checks everything. The last line says how it went. */
import { main } from './process/main.mjs';
import { installMissingServers } from './servers/install.mjs';
import { buildWhenStale } from './setup/build.mjs';
import { installWhenStale } from './setup/install.mjs';
import { requireNode } from './setup/node-version.mjs';
import { ROOT } from './setup/root.mjs';
import { auditStage } from './stages/audit-stage.mjs';
import { browserStage } from './stages/browser-stage.mjs';
import { checkStage } from './stages/check-stage.mjs';
import { ALONE, CHAOS, FUZZ, ON_SERVERS, ORACLE, SIMULATION } from './stages/projects.mjs';
import { runStage } from './stages/stage.mjs';
import { summaryLines } from './stages/summary.mjs';
import { vitestStage } from './stages/vitest-stage.mjs';

const PASSED = { passed: 1, failed: 0 };

/**
 * In this order; each runs whatever the one before it found.
 *
 * @type {readonly [name: string, body: () => Promise<import('./stages/stage.mjs').StageOutcome>][]}
 */
const STAGES = [
  ['format and lint', () => checkStage(ROOT, '@biomejs/biome', 'biome', ['check', '--error-on-warnings'])],
  ['types', () => checkStage(ROOT, 'typescript', 'tsc', ['-b'])],
  ['dead exports', () => checkStage(ROOT, 'knip', 'knip', [])],
  ['advisories', () => auditStage(ROOT, console.log)],
  ['unit tests', () => vitestStage(ROOT, { name: 'unit', projects: ALONE, timeoutMs: 1_200_000 })],
  ['Redis, PostgreSQL and nginx', () => installMissingServers(ROOT, console.log).then(() => PASSED)],
  ['tests on them', () => vitestStage(ROOT, { name: 'servers', projects: ON_SERVERS, timeoutMs: 1_200_000 })],
  ['oracle', () => vitestStage(ROOT, { name: 'oracle', projects: ORACLE, timeoutMs: 1_200_000 })],
  ['simulation', () => vitestStage(ROOT, { name: 'simulation', projects: SIMULATION, timeoutMs: 1_200_000 })],
  ['fuzz', () => vitestStage(ROOT, { name: 'fuzz', projects: FUZZ, timeoutMs: 1_200_000 })],
  ['build', () => buildWhenStale(ROOT, console.log).then(() => PASSED)],
  ['chaos', () => vitestStage(ROOT, { name: 'chaos', projects: CHAOS, timeoutMs: 1_200_000 })],
  ['browser tests', () => browserStage(ROOT)],
];

await main(async () => {
  const say = console.log;
  requireNode();
  const results = [await runStage('install', () => installWhenStale(ROOT, say).then(() => PASSED), say)];
  // Without dependencies no other stage says anything of use.
  if (results.every((result) => result.failed === 0)) {
    for (const [name, body] of STAGES) results.push(await runStage(name, body, say));
  }
  for (const line of summaryLines(results)) say(line);
  return results.some((result) => result.failed > 0) ? 1 : 0;
});
