/**
 * Compiles a `.dockerignore`: a path is left out when a line matches it or a folder above it. Knows `*`, `?` and `**`.
 *
 * @param {string} text
 * @returns {(path: string) => boolean} Takes a path from the root of the context, with slashes.
 */
export function dockerIgnore(text) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const exception = lines.find((line) => line.startsWith('!'));
  if (exception) throw new Error(`exceptions are not understood here: ${exception}`);
  const patterns = lines.map(patternOf);
  return (path) => patterns.some((pattern) => pattern.test(path));
}

/** @type {Readonly<Record<string, string>>} */
const WILDCARDS = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };

/** @param {string} glob */
function patternOf(glob) {
  const source = glob
    .replace(/^\/|\/$/g, '')
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => WILDCARDS[part] ?? part.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&'))
    .join('');
  return new RegExp(`^${source}(?:/.*)?$`);
}
