/**
 * What a form has changed, compared without the space around texts: the rest is left as the server has it by now, which
 * another tab may have changed.
 */
export function changedFields<Fields extends Record<string, string | number | null>>(
  before: Fields,
  after: Fields,
): Partial<Fields> {
  const changed: Partial<Fields> = {};
  for (const name in after) if (trimmed(after[name]) !== trimmed(before[name])) changed[name] = after[name];
  return changed;
}

function trimmed(value: string | number | null | undefined) {
  return typeof value === 'string' ? value.trim() : value;
}
