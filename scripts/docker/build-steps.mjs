#!/usr/bin/env node
/**
 * Runs the steps of the Dockerfile without a container engine: each stage gets a folder that stands for its file system.
 * What this cannot show: the base image, and who owns which file (`USER` and `chown` are left out).
 *
 *   node scripts/docker/build-steps.mjs <empty folder>
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from '../process/clean-environment.mjs';
import { main } from '../process/main.mjs';
import { runUninterrupted } from '../process/run.mjs';
import { ScriptError } from '../process/script-error.mjs';
import { ROOT } from '../setup/root.mjs';
import { buildContext } from './build-context.mjs';
import { parseDockerfile } from './dockerfile.mjs';

/**
 * @typedef {object} Built One stage.
 * @property {string} root The folder that stands for `/`.
 * @property {string} workdir In the stage, from `/`.
 * @property {Record<string, string>} environment What `ENV` set.
 *
 * @typedef {object} BuildOptions
 * @property {string} root The repository.
 * @property {string} folder Where the stages go; empty.
 * @property {(line: string) => void} say
 */

/** What only an image has, or what says how a container is started. */
const NOT_STEPS = new Set(['USER', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'CMD', 'ENTRYPOINT', 'LABEL']);

/**
 * Runs the build and answers the last stage. Rejects with a `ScriptError` when a step fails.
 *
 * @param {BuildOptions} options
 * @returns {Promise<Built>}
 */
export async function runBuildSteps({ root, folder, say }) {
  const context = { root, files: buildContext(root) };
  const shims = makeShims(join(folder, 'shims'));
  /** @type {Map<string, Built>} */
  const byName = new Map();
  /** @type {Built | undefined} */
  let last;
  const stages = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  for (const [index, { name = String(index), instructions }] of stages.entries()) {
    /** @type {Built} */
    const stage = { root: join(folder, `stage-${name}`), workdir: '/', environment: {} };
    mkdirSync(stage.root, { recursive: true });
    for (const instruction of instructions) {
      if (NOT_STEPS.has(instruction.name)) continue;
      const startedAt = performance.now();
      await step(instruction, { stage, byName, context, shims });
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      say(`[${name}] ${instruction.name} ${[...instruction.flags, instruction.text].join(' ')} (${seconds} s)`);
    }
    byName.set(name, stage);
    last = stage;
  }
  if (!last) throw new ScriptError('the Dockerfile has no stage');
  return last;
}

/**
 * @param {import('./dockerfile.mjs').Instruction} instruction
 * @param {{ stage: Built, byName: Map<string, Built>, context: { root: string, files: string[] }, shims: string }} at
 */
async function step({ name, flags, text }, { stage, byName, context, shims }) {
  if (name === 'WORKDIR') {
    stage.workdir = resolve(stage.workdir, text);
    mkdirSync(inStage(stage, '.'), { recursive: true });
  } else if (name === 'ENV') {
    const [, variable = '', value = ''] = /^(\w+)=(\S*)$/.exec(text) ?? [];
    if (variable === '') throw new ScriptError(`ENV is understood as NAME=value only: ${text}`);
    stage.environment[variable] = value;
  } else if (name === 'COPY') {
    const from = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length);
    const words = text.split(/\s+/);
    const target = words.pop() ?? '';
    for (const source of words) {
      if (from === undefined) copyFromContext(context, source, stage, target);
      else copyFromStage(byName.get(from), source, stage, target);
    }
  } else if (name === 'RUN') {
    await runCommand(text, stage, shims);
  } else {
    throw new ScriptError(`the Dockerfile has a step that is not understood here: ${name} ${text}`);
  }
}

/**
 * @param {{ root: string, files: string[] }} context
 * @param {string} source
 * @param {Built} stage
 * @param {string} target
 */
function copyFromContext({ root, files }, source, stage, target) {
  const folder = source === '.' ? '' : `${source.replace(/\/$/, '')}/`;
  const inside = files.filter((file) => file.startsWith(folder));
  if (files.includes(source))
    copy(join(root, source), inStage(stage, target, target.endsWith('/') ? source : undefined));
  else if (inside.length === 0) throw new ScriptError(`COPY finds no ${source}: .dockerignore may leave it out`);
  for (const file of inside) copy(join(root, file), join(inStage(stage, target), file.slice(folder.length)));
}

/**
 * @param {Built | undefined} from
 * @param {string} source
 * @param {Built} stage
 * @param {string} target
 */
function copyFromStage(from, source, stage, target) {
  if (!from) throw new ScriptError(`COPY --from names no earlier stage: ${source}`);
  const path = join(from.root, source);
  // The contents of a folder are copied, a file goes by its name.
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  copy(path, inStage(stage, target, isFile && target.endsWith('/') ? source : undefined));
}

/**
 * @param {string} source
 * @param {string} target
 */
function copy(source, target) {
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
}

/**
 * @param {string} command
 * @param {Built} stage
 * @param {string} shims
 */
async function runCommand(command, stage, shims) {
  const result = await runUninterrupted('/bin/sh', ['-c', command], {
    cwd: inStage(stage, '.'),
    env: {
      ...cleanEnvironment(),
      PATH: `${shims}:${process.env.PATH}`,
      ...stage.environment,
    },
    quiet: true,
  });
  if (result.code !== 0) throw new ScriptError(`RUN ${command} ended with code ${result.code}:\n${result.output}`);
}

/**
 * Where a path of the stage is; with a source, the file of its name in there.
 *
 * @param {Built} stage
 * @param {string} path
 * @param {string} [source]
 */
function inStage({ root, workdir }, path, source) {
  return join(root, resolve(workdir, path), source === undefined ? '' : basename(source));
}

/**
 * Commands that need the users of an image do nothing here.
 *
 * @param {string} folder
 */
function makeShims(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'chown'), '#!/bin/sh\n', { mode: 0o755 });
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const folder = resolve(process.argv[2] ?? '');
    mkdirSync(folder, { recursive: true });
    if (process.argv[2] === undefined || readdirSync(folder).length > 0) {
      throw new ScriptError('name an empty folder for the stages');
    }
    const { root, workdir } = await runBuildSteps({ root: ROOT, folder, say: console.log });
    console.log(`The application is in ${join(root, workdir)}`);
    return 0;
  });
}
