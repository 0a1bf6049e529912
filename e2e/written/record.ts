import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Secret, SecretKind, Source, Written } from './judge.js';

/** Names the folder of a run to its workers; without it, as outside Playwright, nothing is recorded. */
const VARIABLE = 'QUERYCAST_WRITTEN_FOLDER';
const FOLDER = fileURLToPath(new URL('../../.cache/written', import.meta.url));
const SECRETS = 'secrets';
const TESTS = 'tests';

/** One file of what was written. */
export interface Sheet {
  write(text: string): void;
}

/** A test that ran. */
export interface Ran {
  readonly project: string;
  /** Its file, from `e2e/`. */
  readonly spec: string;
  readonly passed: boolean;
}

/** What is left of a run. */
export interface RunRecord {
  readonly written: readonly Written[];
  readonly secrets: readonly Secret[];
  readonly ran: readonly Ran[];
}

/** Begins a run: forgets the one before. */
export function beginRecord(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  process.env[VARIABLE] = FOLDER;
}

let sheets = 0;

/** Begins a file. Written at once, line by line or not: who writes may be killed. */
export function newSheet(source: Source): Sheet {
  sheets += 1;
  const name = `${source}.${process.pid}.${sheets}`;
  return { write: (text) => append(name, text) };
}

/** Records what a stream of text says from now on. */
export function recordStream(source: Source, stream: Readable): void {
  const sheet = newSheet(source);
  // A character may come in two halves.
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => sheet.write(chunk));
}

/** Records what `/metrics` of a server says now. One that hangs or is gone says nothing, and has been asked before. */
export async function recordMetrics(url: string): Promise<void> {
  if (process.env[VARIABLE] === undefined) return;
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(METRICS_WITHIN_MS) });
    newSheet('metrics').write(await response.text());
  } catch {
    // The end of a server that does not answer is what the test is about.
  }
}

const METRICS_WITHIN_MS = 1_000;
const noted = new Set<string>();

/** Remembers what must not be found in anything written. */
export function noteSecret(kind: SecretKind, value: string | undefined): void {
  const line = `${JSON.stringify({ kind, value })}\n`;
  if (value === undefined || value === '' || noted.has(line)) return;
  noted.add(line);
  append(`${SECRETS}.${process.pid}`, line);
}

/** Remembers a test that ran, by which it is known what there must be to find. */
export function noteTest(ran: Ran): void {
  append(`${TESTS}.${process.pid}`, `${JSON.stringify(ran)}\n`);
}

/** The record of the run so far. */
export function readRecord(): RunRecord {
  const written: Written[] = [];
  const secrets: Secret[] = [];
  const ran: Ran[] = [];
  for (const name of readdirSync(FOLDER).sort()) {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const [source = ''] = name.split('.');
    if (source === SECRETS) secrets.push(...linesOf<Secret>(text));
    else if (source === TESTS) ran.push(...linesOf<Ran>(text));
    else written.push({ source: source as Source, file: `.cache/written/${name}`, text });
  }
  return { written, secrets, ran };
}

function linesOf<Line>(text: string): Line[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

function append(name: string, text: string): void {
  const folder = process.env[VARIABLE];
  if (folder !== undefined) appendFileSync(join(folder, name), text);
}
