import {
  COUNT_FIELDS,
  EXAMPLES,
  FAULT_FIELDS,
  GREETING,
  GUIDE_LINES,
  ID_FIELDS,
  LABELS,
  OF_MACHINES,
} from './log-style.js';

/** Who wrote: the platform or the library its log, the platform its greeting, nginx, a server at `/metrics`. */
export type Source = 'log' | 'greeting' | 'nginx' | 'metrics';

/** One file of what was written. */
export interface Written {
  readonly source: Source;
  readonly file: string;
  readonly text: string;
}

/** What a secret is, which is how it is looked for. */
export type SecretKind = 'token' | 'cookie' | 'key' | 'password' | 'e-mail' | 'name' | 'text';

/** Something of the run that must not be found. */
export interface Secret {
  readonly kind: SecretKind;
  readonly value: string;
}

/** Something that must not have been written. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  /** The line, with the secret masked. */
  readonly text: string;
}

/** Answers what is wrong with what was written. `greeted` are the lines of the greeting about accounts of the demo. */
export function judge(
  written: readonly Written[],
  secrets: readonly Secret[],
  greeted: ReadonlySet<string> = new Set(),
): Finding[] {
  const patterns = [...patternsOf(secrets, written), ...SHAPES];
  return written.flatMap(({ source, file, text }) =>
    text.split('\n').flatMap((raw, index, all) => {
      // Or the letter of an escape would pass for one of the word behind it.
      const line = raw.replace(/(?<!\\)((?:\\\\)*)\\[nrt]/g, '$1 ');
      if (source === 'greeting' && greeted.has(line)) return [];
      // Without its end when the writer was killed: there may be half a field.
      const rules = index === all.length - 1 ? [] : rulesOf(source, line);
      const found = [...patterns.filter(({ pattern }) => line.search(pattern) >= 0), ...rules];
      return found.map(({ what }) => ({ file, line: index + 1, what, text: masked(line, [...patterns, ...found]) }));
    }),
  );
}

interface Rule {
  readonly what: string;
  /** Where in the line it is. */
  readonly pattern: RegExp;
}

/** What is secret whichever it is. */
const SHAPES: readonly Rule[] = [
  { what: 'a JSON Web Token', pattern: /eyJ[\w-]{8,}\.[\w-]+/g },
  { what: 'an Authorization header', pattern: /\bBearer\s+[^\s"',<]+|"authorization"\s*:/gi },
  { what: 'a cookie', pattern: /querycast_(refresh|device)\s*=|"(set-)?cookie"\s*:/gi },
  { what: 'a hash of a password', pattern: /scrypt\$[^"\s]*/g },
  {
    what: 'a password or token by its name',
    pattern: /"?\b(password|passwd|secret|token)"?\s*[=:]\s*"?(?!token-\d+")[^\s"{}]+/gi,
  },
  { what: 'an e-mail address', pattern: /[\w.+-]+(@|%40)[\w-]+(\.[\w-]+)*\.[a-z]{2,}\b/gi },
  { what: 'an address with a password', pattern: /:\/\/[^\s/@"]*:[^\s/@"]+@/g },
  { what: 'parameters of a statement', pattern: /\bparam(eter)?s\s*:|with args beginning with|DETAIL:|"detail"\s*:/gi },
];

/** What nobody reads is a token, or an id out of its place: those of machines have fields of their own. */
const RANDOM: Rule = { what: 'a random word', pattern: /(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{32,}/ };

/** Ids where the words of a person's role, or an address of the API, lead to them. */
const IDS: readonly Rule[] = [
  { what: 'an id beside a word', pattern: /\b(parent|student|child|teacher|tutor|admin|user)(s|_?id)?\b\W{0,3}\d+/gi },
  { what: 'an id in an address', pattern: /\/api\/[^\s"?]*\/\d+|"path":"[^"]*\/\d+(?=[/"])/g },
  // As text, perhaps within another one, where its quotes are escaped.
  { what: 'an id in a query key', pattern: /\[\\*"[^[\]]*,\s*(\\*")?\d+(\\*")?\s*[,\]]/g },
];

/** Of thousands of secrets only those are looked for line by line that are in some text at all. */
function patternsOf(secrets: readonly Secret[], written: readonly Written[]): Rule[] {
  const byKind = new Map<SecretKind, Set<string>>();
  for (const { kind, value } of secrets) {
    for (const form of new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)])) {
      if (!written.some(({ text }) => text.includes(form))) continue;
      byKind.set(kind, (byKind.get(kind) ?? new Set()).add(patternOf(kind, form)));
    }
  }
  return [...byKind].map(([kind, forms]) => {
    // The longest first: the whole of it is masked.
    const sorted = [...forms].sort((a, b) => b.length - a.length);
    return { what: `a ${kind} of this run`, pattern: new RegExp(sorted.join('|'), 'g') };
  });
}

/** Shorter than this, a password or a text is a word of every day. */
const SHORT = 8;

/** How a secret is found in a line: a word of every day only as a whole, or as a value. */
function patternOf(kind: SecretKind, form: string): string {
  if (kind === 'password' && form.length < SHORT) return `(?<=[:=]\\s*["']?)${escaped(form)}(?=["'@])`;
  const isWord = kind === 'name' || (kind === 'text' && form.length < SHORT);
  return isWord ? `(?<![${LETTERS}])${escaped(form)}(?![${LETTERS}])` : escaped(form);
}

/** Latin, Greek and Cyrillic. */
const LETTERS = '\\w\u00c0-\u052f';

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function rulesOf(source: Source, line: string): readonly Rule[] {
  if (source === 'greeting') return GREETING.some((each) => each.test(line)) ? [] : [whole('no part of the greeting')];
  if (source === 'metrics') return metricRules(line);
  const fields = line.startsWith('{') ? parsed(line) : undefined;
  if (source === 'log' && fields) return Object.entries(fields).flatMap(([name, value]) => fieldRules(name, value));
  // nginx names the request in its lines about failures, which cannot be had without: not what else is in them.
  const words = source === 'nginx' && !fields ? line.replace(/(request|upstream|referrer): "[^"]*"/g, '') : line;
  return idsIn(words);
}

/** `isInner`: it is within another field, as what an error knows. */
function fieldRules(name: string, value: unknown, isInner = false): readonly Rule[] {
  const shape = ID_FIELDS[name];
  if (shape) return value === null || shape.test(String(value)) ? [] : [whole(`no id of the shape of "${name}"`)];
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))) {
    const isKnown = COUNT_FIELDS.has(name) || (isInner && FAULT_FIELDS.has(name));
    return isKnown ? [] : [whole(`a number, "${name}", which may be an id`)];
  }
  if (name === 'msg') {
    const isWords = !/\d/.test(String(value)) || GUIDE_LINES.some((each) => each.test(String(value)));
    return isWords ? [] : [whole('values in the words of a line')];
  }
  if (Array.isArray(value)) return value.flatMap((each) => fieldRules(name, each, isInner));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([inner, each]) => fieldRules(inner, each, true));
  }
  const words = OF_MACHINES.reduce((left, each) => left.replaceAll(each, ''), String(value));
  return [...(RANDOM.pattern.test(words) ? [RANDOM] : []), ...idsIn(words)];
}

function metricRules(line: string): readonly Rule[] {
  if (line.startsWith('#')) return [];
  const labels = /\{(.*)\}/.exec(line)?.[1] ?? '';
  return [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].flatMap(([, name = '', value = '']) => {
    const shape = LABELS[name] ?? (/^(nodejs|process)_/.test(line) ? /^[A-Za-z_]+$/ : /^[a-z_-]*$/);
    return shape.test(value) ? [] : [whole(`a label, "${name}", of no closed set`)];
  });
}

function idsIn(words: string): readonly Rule[] {
  const rest = EXAMPLES.reduce((left, example) => left.replaceAll(example, ''), words);
  return IDS.filter(({ pattern }) => rest.search(pattern) >= 0);
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A rule that the line as a whole breaks. */
function whole(what: string): Rule {
  return { what, pattern: /(?!)/g };
}

const LONGEST = 400;

function masked(line: string, rules: readonly Rule[]): string {
  return rules.reduce((rest, { pattern }) => rest.replace(pattern, '***'), line).slice(0, LONGEST);
}
