import canonicalize from 'canonicalize';
import { MAX_KEY_BYTES, MAX_KEY_DEPTH, MAX_KEY_ELEMENTS } from './limits.js';

/** A JSON value as it may appear inside a query key. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A TanStack Query key: a non-empty JSON array whose first element, the root, is a non-empty string. */
export type QueryKey = readonly [string, ...JsonValue[]];

const LONE_SURROGATE = /\p{Surrogate}/u;

const TOO_LARGE = `a query key has at most ${MAX_KEY_BYTES} bytes`;

/**
 * The rule a malformed query key breaks, as one sentence that never quotes the value; `undefined` when `value` is a
 * query key within the limits. Never throws, whatever `value` is.
 */
export function queryKeyProblem(value: unknown): string | undefined {
  try {
    return findProblem(value);
  } catch {
    // Only accessors and proxies can throw here; JSON holds neither, and refusing them is the whole answer.
    return 'a query key holds plain JSON values only, not accessors or proxies';
  }
}

/** Whether `value` is a query key within the limits of the protocol. */
export function isQueryKey(value: unknown): value is QueryKey {
  return queryKeyProblem(value) === undefined;
}

/**
 * The canonical form (RFC 8785) of a JSON value: two query keys are the same if and only if these strings are equal.
 * Expects a checked value; throws for what JSON cannot express.
 */
export function canonicalForm(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a canonical form exists only for JSON values');
  return text;
}

/** How many more values a key may hold. Each takes a byte at least, so a key shared a million times is cut off early. */
interface Budget {
  values: number;
}

function findProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'a query key must be an array';
  if (value.length === 0) return 'a query key must not be empty: [] would match every query';
  if (value.length > MAX_KEY_ELEMENTS) {
    return `a query key has at most ${MAX_KEY_ELEMENTS} elements, got ${value.length}`;
  }
  if (typeof value[0] !== 'string' || value[0] === '') {
    return 'the first element of a query key must be a non-empty string';
  }
  const problem = jsonProblem(value, 1, { values: MAX_KEY_BYTES });
  if (problem) return problem;
  const bytes = utf8Bytes(canonicalForm(value as unknown as QueryKey));
  return bytes > MAX_KEY_BYTES ? `${TOO_LARGE}, got ${bytes}` : undefined;
}

function jsonProblem(value: unknown, depth: number, budget: Budget): string | undefined {
  budget.values -= 1;
  if (budget.values < 0) return TOO_LARGE;
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'string') return textProblem(value);
  if (typeof value === 'number') return numberProblem(value);
  if (typeof value !== 'object') return `a query key holds JSON values only, got ${typeof value}`;
  if (depth > MAX_KEY_DEPTH) return `a query key nests at most ${MAX_KEY_DEPTH} levels`;
  // It would be called instead of reading the value, so what was checked is not what would be compared.
  if (typeof Reflect.get(value, 'toJSON') === 'function') return 'a query key holds JSON values only, got a function';
  return Array.isArray(value) ? arrayProblem(value, depth, budget) : objectProblem(value, depth, budget);
}

function arrayProblem(value: readonly unknown[], depth: number, budget: Budget): string | undefined {
  // By index: a hole reads as undefined and is refused, where iteration methods would skip it.
  for (let index = 0; index < value.length; index += 1) {
    const problem = jsonProblem(value[index], depth + 1, budget);
    if (problem) return problem;
  }
  return undefined;
}

function objectProblem(value: object, depth: number, budget: Budget): string | undefined {
  if (!isPlainObject(value)) return 'a query key holds plain objects only, not dates or class instances';
  for (const [name, member] of Object.entries(value)) {
    const problem = textProblem(name) ?? jsonProblem(member, depth + 1, budget);
    if (problem) return problem;
  }
  return undefined;
}

/** Also true for objects of another realm (a frame, a test sandbox), whose `Object.prototype` is not ours. */
function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function textProblem(value: string): string | undefined {
  if (value.length > MAX_KEY_BYTES) return TOO_LARGE;
  return LONE_SURROGATE.test(value) ? 'a query key must not hold half of a surrogate pair' : undefined;
}

function numberProblem(value: number): string | undefined {
  if (!Number.isFinite(value)) return 'a query key must not hold NaN or an infinite number';
  if (Object.is(value, -0)) return 'a query key must not hold -0';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return 'a query key must not hold an integer beyond 2^53-1: send it as a string';
  }
  return undefined;
}

/** Without TextEncoder, which belongs to the DOM and to Node but not to the language. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
