/** Longest identifier PostgreSQL keeps, in bytes; it silently cuts longer ones, and two could become one. */
export const MAX_IDENTIFIER_BYTES = 63;

const IDENTIFIER = new RegExp(`^[A-Za-z_][A-Za-z0-9_]{0,${MAX_IDENTIFIER_BYTES - 1}}$`);

/** Whether `name` can be quoted as it is: letters, digits and underscores, at most 63. */
export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name);
}

/** A table or column name, with or without its schema, quoted part by part. Expects checked parts. */
export function quoted(name: string): string {
  return name
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
}
