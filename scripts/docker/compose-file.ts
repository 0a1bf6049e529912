import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../setup/root.mjs';

/** What the tests look at in a service of `docker-compose.yml`. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** `docker-compose.yml`, as far as the tests look at it. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** The text of `docker-compose.yml`. */
export const COMPOSE_TEXT = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');

/** `docker-compose.yml` as it is, its variables not filled in. */
export function readCompose(): ComposeFile {
  return parse(COMPOSE_TEXT, { merge: true });
}

/**
 * Fills in `${NAME:?message}` and `${NAME:-default}`, as Compose does. Throws an `Error` with the name of a required
 * variable that is missing or empty, and for any other form.
 */
export function filledIn(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)(:[-?])?([^}]*)\}/g, (all, name: string, kind?: string, rest = '') => {
    const value = environment[name];
    if (value !== undefined && value !== '') return value;
    if (kind === ':-') return rest;
    throw new Error(
      kind === ':?' ? `${name} is missing: ${rest}` : `${all} says neither a default nor what is missing`,
    );
  });
}
