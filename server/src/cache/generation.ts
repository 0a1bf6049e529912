import { randomUUID } from 'node:crypto';

/**
 * A random value that all entries of an owner share, until the owner is evicted; it begins with the incarnation of the
 * store, so that one which a restart or a failover brings back counts for nothing.
 */
export type Generation = string;

/** Long enough to outlive every sensible entry; when it ends the owner's entries merely miss. */
export const GENERATION_TTL_MS = 86_400_000;

/** The key under which an owner's generation is stored. */
export function generationKey(owner: string): string {
  return `${owner}:gen`;
}

/** A generation that never existed before. */
export function newGeneration(incarnation: string): Generation {
  return `${incarnation}.${randomUUID()}`;
}

/** Whether a stored generation was made in this incarnation of the store. */
export function isOfIncarnation(generation: Generation, incarnation: string): boolean {
  return generation.slice(0, generation.lastIndexOf('.')) === incarnation;
}

/** An entry as it is stored: the generation read before it was computed and what tells it whole, then the value as JSON. */
export function sealEntry(generation: Generation, json: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${sealOf(generation, json)}\n`), json]);
}

/** What a stored entry holds for one generation. */
export interface OpenedEntry {
  /** Absent when it is of another generation, or damaged. */
  readonly json: Buffer | undefined;
  /** Whether it claims to be of this generation, but is not as it was written: cut off, or written by somebody else. */
  readonly isDamaged: boolean;
}

/** Opens a stored entry. Looks at both ends and the length alone: a large answer is not read through at every hit. */
export function openEntry(entry: Buffer | undefined, generation: Generation): OpenedEntry {
  if (entry?.toString('latin1', 0, generation.length) !== generation) return { json: undefined, isDamaged: false };
  const end = entry.indexOf('\n');
  const json = entry.subarray(end + 1);
  const isWhole = end >= 0 && entry.toString('latin1', 0, end) === sealOf(generation, json);
  return { json: isWhole ? json : undefined, isDamaged: !isWhole };
}

function sealOf(generation: Generation, json: Buffer): string {
  const ends = json.toString('latin1', 0, 1) + json.toString('latin1', json.length - 1);
  return `${generation} ${json.length}${ends}`;
}
