import { readFileSync } from 'node:fs';

const OPERATIONS = new URL('../../../../docs/operations.md', import.meta.url);

/** What the operators' document says about something that is down. */
export interface OutageRow {
  readonly part: string;
  /** Words about what an operator sees meanwhile. */
  readonly seen: string;
  /** Words about what comes afterwards. */
  readonly after: string;
}

/** Reads the document's table about things that are down. */
export function readOutageTable(): OutageRow[] {
  const [, section = ''] = readFileSync(OPERATIONS, 'utf8').split('## When something is down\n');
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) => {
    const [part = '', , seen = '', after = ''] = line.slice(1, -1).split(/ \| /);
    return { part: part.trim(), seen, after };
  });
}

/** The lines of a log that a text names. */
export function namedLines(text: string): string[] {
  return [...text.matchAll(/`([a-z][a-z()]+(?:,? [a-z]+)+)`/g)].map(([, line = '']) => line);
}

/** The metrics that a text names. */
export function namedMetrics(text: string): string[] {
  return [...text.matchAll(/`(querycast_\w+)`/g)].map(([, name = '']) => name);
}
