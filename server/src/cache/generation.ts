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

/** An entry as it is stored: the generation read before it was computed, then the value as JSON. */
export function sealEntry(generation: Generation, json: string): string {
  return `${generation}\n${json}`;
}

/** The JSON of a stored entry, if it carries this generation. */
export function openEntry(entry: string | undefined, generation: Generation): string | undefined {
  return entry?.startsWith(`${generation}\n`) ? entry.slice(generation.length + 1) : undefined;
}
