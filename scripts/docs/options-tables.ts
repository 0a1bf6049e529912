/** A table of a page that a comment before it names. */
export interface NamedTable {
  readonly name: string;
  /** The cells of each row but the head. */
  readonly rows: readonly (readonly string[])[];
}

/** All tables that follow a comment, as in `<!-- LiveStatus -->`. */
export function namedTables(markdown: string): NamedTable[] {
  return [...markdown.matchAll(/^<!-- (.+) -->\n\n((?:\|.*\n)+)/gm)].map(([, name = '', table = '']) => {
    const [, , ...rows] = table.trim().split('\n');
    return { name, rows: rows.map(cellsOf) };
  });
}

/** The name that a row is about: the first in code, without arguments. */
export function subjectOf(row: readonly string[]): string {
  return /`([\w-]+)/.exec(row[0] ?? '')?.[1] ?? '';
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}
