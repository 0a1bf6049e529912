import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fencedBlock } from '../readme/fenced-block.js';
import { ROOT } from '../setup/root.mjs';

/** What the README's `npm create vite@latest` was when this was written: a newer one must not break what did not change. */
const CREATE_VITE = 'vite@9.3.0';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const LOCK: { packages: Record<string, { version?: string }> } = JSON.parse(
  readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
);

/** The code of a block of the README. */
export const codeOf = (language: string, tag: string): string => fencedBlock(README, language, tag);

/** The commands of a block of the README, with the versions that everything else here is tested with. */
export function commandsOf(tag: string): string {
  const commands = fencedBlock(README, 'sh', tag).replace('vite@latest', CREATE_VITE);
  return commands.replace(/^npm install .*$/gm, (line) => line.split(' ').map(withVersion).join(' '));
}

/** A package that this repository has, in its version. */
export function withVersion(name: string): string {
  const version = LOCK.packages[`node_modules/${name}`]?.version;
  return version === undefined ? name : `${name}@${version}`;
}

/** The request of a `curl` command of the README, to another port: not every machine has curl. */
export function requestOf(command: string, port: number): Request {
  const [, url = ''] = /-X POST (\S+)/.exec(command) ?? [];
  const headers = [...command.matchAll(/-H '([^:']+): ([^']+)'/g)].map(([, name = '', value = '']) => [name, value]);
  const [, body = ''] = /-d '([^']+)'/.exec(command) ?? [];
  const target = new URL(url);
  target.port = String(port);
  return new Request(target, { method: 'POST', headers: Object.fromEntries(headers), body });
}
