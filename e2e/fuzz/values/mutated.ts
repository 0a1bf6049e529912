/** Good messages with a few mistakes, and texts that are hardly messages at all. */
import fc from 'fast-check';
import { nastyJson, nastyText, objectOf, Raw, TREACHEROUS_NAMES, write } from './nasty.js';

/** One mistake; `at` chooses the place among all there are. */
interface Edit {
  readonly at: number;
  readonly what: 'remove' | 'replace' | 'add' | 'repeat' | 'wrap';
  readonly name: string;
  readonly value: unknown;
  readonly times: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(40),
  what: fc.constantFrom('remove', 'replace', 'replace', 'add', 'repeat', 'wrap'),
  name: fc.oneof(fc.constantFrom(...TREACHEROUS_NAMES, 'x', 'id', 'type'), nastyText),
  value: nastyJson,
  times: fc.constantFrom(2, 3, 16, 17, 64, 65),
});

/** A good message as it is, or with up to three mistakes. */
export function mutated(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const mistakes = fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(edit, { minLength: 1, maxLength: 3 }) },
  );
  return fc.tuple(good, mistakes).map(([message, edits]) => edits.reduce((value, each) => apply(value, each), message));
}

/** The text of a message with mistakes, in one of four cases broken as a text, too. */
export function mutatedText(good: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const text = mutated(good).map(write);
  return fc.oneof(
    { weight: 6, arbitrary: text },
    { weight: 1, arbitrary: broken(text) },
    { weight: 1, arbitrary: fc.oneof(nastyText, nastyJson.map(write), fc.json({ maxDepth: 3 })) },
  );
}

/** A text that was cut off, or had something put or changed in its midst. */
export function broken(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(text, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), nastyText)
    .map(([whole, part, cut, put]) => {
      const at = Math.floor(whole.length * part);
      return cut === 3 ? whole.slice(0, at) : whole.slice(0, at) + put + whole.slice(at + cut);
    });
}

/** The bytes of a text, in one of three cases some of them others than before: hardly UTF-8 any more. */
export function bytesOf(text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  return fc.oneof(
    { weight: 2, arbitrary: text.map((each) => Buffer.from(each)) },
    {
      weight: 1,
      arbitrary: fc.tuple(text, flips).map(([each, list]) => {
        const bytes = Buffer.from(each);
        for (const [at, byte] of list) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        return bytes;
      }),
    },
  );
}

/** Characters that a database, a line or a reader stumbles over. */
const STUMBLING_BLOCKS = ['\u0000', '\u0007', '\u0085', '\u2028', '\u202e', '\ud800', '\udfff'];

/** A good message that has one of those characters in one of its texts. */
export function tainted(message: object): fc.Arbitrary<unknown> {
  return fc.tuple(fc.nat(), fc.constantFrom(...STUMBLING_BLOCKS)).map(([at, character]) => {
    const texts = JSON.stringify(message).match(/(?<=:)"[^"]+"/g) ?? [];
    const chosen = texts[at % texts.length];
    if (chosen === undefined) return message;
    return JSON.parse(JSON.stringify(message), (_, value: unknown) =>
      JSON.stringify(value) === chosen ? `${String(value).slice(0, 2)}${character}${String(value).slice(2)}` : value,
    );
  });
}

/** Every place of a value: the value itself first. */
function places(value: unknown): number {
  return 1 + membersOf(value).reduce((sum, [, member]) => sum + places(member), 0);
}

function membersOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !(value instanceof Raw) ? Object.entries(value) : [];
}

function apply(value: unknown, change: Edit): unknown {
  return changeAt(value, change.at % places(value), change);
}

function changeAt(value: unknown, at: number, change: Edit): unknown {
  if (at === 0) return changed(value, change);
  let left = at - 1;
  const entries: (readonly [string, unknown])[] = [];
  for (const [name, member] of membersOf(value)) {
    const size = places(member);
    if (left < 0 || left >= size) entries.push([name, member]);
    else if (left > 0 || change.what !== 'remove') entries.push([name, changeAt(member, left, change)]);
    left -= size;
  }
  return Array.isArray(value) ? entries.map(([, member]) => member) : objectOf(entries);
}

function changed(value: unknown, { what, name, value: other, times }: Edit): unknown {
  if (what === 'wrap') return [value];
  if (what === 'repeat') return Array.isArray(value) ? Array(times).fill(value).flat() : Array(times).fill(value);
  if (what !== 'add' || typeof value !== 'object' || value === null || value instanceof Raw) return other;
  return Array.isArray(value) ? [...value, other] : objectOf([...Object.entries(value), [name, other]]);
}
