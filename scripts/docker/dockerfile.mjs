/**
 * @typedef {object} Instruction
 * @property {string} name In capitals, such as `COPY`.
 * @property {readonly string[]} flags Such as `--from=build`.
 * @property {string} text What follows the flags.
 *
 * @typedef {object} Stage
 * @property {string} from Image.
 * @property {string | undefined} name
 * @property {readonly Instruction[]} instructions Without `FROM`.
 */

/**
 * Reads a Dockerfile: its stages in order. Knows what ours uses: no heredocs, no `ARG`, no parser directives.
 *
 * @param {string} text
 * @returns {Stage[]} Throws an `Error` for an instruction before the first `FROM`.
 */
export function parseDockerfile(text) {
  /** @type {(Stage & { instructions: Instruction[] })[]} */
  const stages = [];
  for (const line of logicalLines(text)) {
    const { name, flags, text: rest } = instruction(line);
    if (name === 'FROM') {
      const [from = '', as, stageName] = rest.split(/\s+/);
      stages.push({ from, name: as?.toUpperCase() === 'AS' ? stageName : undefined, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage) throw new Error(`${name} stands before the first FROM`);
    stage.instructions.push({ name, flags, text: rest });
  }
  return stages;
}

/**
 * The words of an instruction in exec form, `["node", "main.js"]`.
 *
 * @param {string} text
 * @returns {string[]} Throws an `Error` when it is in shell form: signals would reach the shell only.
 */
export function execForm(text) {
  const words = text.startsWith('[') ? JSON.parse(text) : undefined;
  if (!Array.isArray(words)) throw new Error(`not in exec form: ${text}`);
  return words.map(String);
}

/** @param {string} text */
function logicalLines(text) {
  return text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/**
 * @param {string} line
 * @returns {Instruction}
 */
function instruction(line) {
  const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(line) ?? [];
  const flags = /^(--\S+\s+)*/.exec(rest)?.[0] ?? '';
  return { name: name.toUpperCase(), flags: flags.split(/\s+/).filter(Boolean), text: rest.slice(flags.length) };
}
