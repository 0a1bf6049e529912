/**
 * The limits of the protocol, written anew from its text and by other means than the product uses: what a door lets in is
 * held to them. Values are parsed JSON.
 */

const KIND = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const LETTERS = KIND + KIND.toUpperCase();

/** `<kind>:<id>`. */
export function isGoodRoom(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const at = value.indexOf(':');
  const [kind, id] = [value.slice(0, at), value.slice(at + 1)];
  return (
    at >= 1 &&
    at <= 32 &&
    consistsOf(kind, `${KIND + DIGITS}-`) &&
    KIND.includes(kind.charAt(0)) &&
    isName(id, '_.-', 64)
  );
}

/** `<epoch>:<offset>`. */
export function isGoodPosition(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const [epoch = '', offset = '', ...more] = value.split(':');
  const number = Number(offset);
  return (
    more.length === 0 &&
    isName(epoch, '_-', 64) &&
    consistsOf(offset, DIGITS) &&
    String(number) === offset &&
    number <= Number.MAX_SAFE_INTEGER
  );
}

/** A query key. */
export function isGoodKey(value: unknown): value is unknown[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > 16) return false;
  if (typeof value[0] !== 'string' || value[0] === '') return false;
  return depthOf(value) <= 4 && isPlain(value) && Buffer.byteLength(canonical(value)) <= 1_024;
}

/** A list of query keys, of these lengths. */
export function areGoodKeys(value: unknown, least: number, most: number): value is unknown[][] {
  return Array.isArray(value) && value.length >= least && value.length <= most && value.every(isGoodKey);
}

/** What may be published. */
export function isGoodInvalidation(value: unknown): value is GoodInvalidation {
  if (!hasOnly(value, ['rooms', 'keys'], ['id', 'reason', 'spreadMs'])) return false;
  const { rooms, keys } = value;
  if (!Array.isArray(rooms) || rooms.length < 1 || rooms.length > 10_000 || !rooms.every(isGoodRoom)) return false;
  return areGoodKeys(keys, 1, 64) && areGoodExtras(value);
}

/** An invalidation within all limits. */
export interface GoodInvalidation {
  readonly rooms: readonly string[];
  readonly keys: readonly (readonly unknown[])[];
  readonly id?: string;
}

/** What the broker's channel of a room carries. */
export function isGoodEnvelope(value: unknown, room: string): boolean {
  if (!hasOnly(value, ['room', 'prev', 'position', 'keys', 'at'], ['id', 'reason', 'spreadMs'])) return false;
  const { prev, position, keys, at } = value;
  if (value['room'] !== room || !isGoodPosition(prev) || !isGoodPosition(position)) return false;
  return areGoodKeys(keys, 1, 64) && isWhole(at, 0, Number.MAX_SAFE_INTEGER) && areGoodExtras(value);
}

/** Whether a text holds whole characters only. */
export function isWhole16(text: string): boolean {
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    // The only thing it throws for.
    return false;
  }
}

/** A whole number between two, both included. */
export function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Math.floor(value) === value && value >= least && value <= most;
}

/** An object with all of these members, perhaps some of those, and no others. */
export function hasOnly(
  value: unknown,
  needed: readonly string[],
  optional: readonly string[] = [],
): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const names = Reflect.ownKeys(value);
  return (
    needed.every((name) => names.includes(name)) &&
    names.every((name) => typeof name === 'string' && (needed.includes(name) || optional.includes(name)))
  );
}

function areGoodExtras(value: Record<string, unknown>): boolean {
  const { id, reason, spreadMs } = value;
  const names = Object.keys(value);
  return (
    (!names.includes('id') || (typeof id === 'string' && id.length >= 1 && id.length <= 64 && isWhole16(id))) &&
    (!names.includes('reason') ||
      (typeof reason === 'string' &&
        reason.length <= 64 &&
        reason !== '' &&
        consistsOf(reason, `${KIND + DIGITS}._-`))) &&
    (!names.includes('spreadMs') || isWhole(spreadMs, 0, 300_000))
  );
}

function isName(text: string, further: string, most: number): boolean {
  return text.length >= 1 && text.length <= most && consistsOf(text, LETTERS + DIGITS + further);
}

function consistsOf(text: string, characters: string): boolean {
  return [...text].every((character) => characters.includes(character));
}

/** Without recursion: what is nested 100,000 times must not end the judge. */
function depthOf(value: unknown): number {
  let depth = 0;
  for (let level: unknown[] = [value]; level.length > 0; depth += 1) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? [Object.values(each)] : [])).flat();
  }
  return depth - 1;
}

/** Whether all numbers and texts of a shallow value mean the same to every reader. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return isWhole16(value);
  if (typeof value === 'number') {
    const isLarge = Math.floor(value) === value && Math.abs(value) > Number.MAX_SAFE_INTEGER;
    return Number.isFinite(value) && !isLarge && !(value === 0 && 1 / value < 0);
  }
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => isWhole16(name) && isPlain(member));
}

/** RFC 8785, as far as its length goes. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
    .join(',')}}`;
}
