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

/**
 * The rule a malformed query key breaks, as one sentence that never quotes the value; `undefined` when `value` is a
 * query key within the limits.
 */
export function queryKeyProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'a query key must be an array';
  if (value.length === 0) return 'a query key must not be empty: [] would match every query, publish a resync instead';
  if (value.length > MAX_KEY_ELEMENTS) {
    return `a query key has at most ${MAX_KEY_ELEMENTS} elements, got ${value.length}`;
  }
  if (typeof value[0] !== 'string' || value[0] === '') {
    return 'the first element of a query key must be a non-empty string';
  }
  const problem = jsonProblem(value, 1);
  if (problem) return problem;
  const bytes = utf8Bytes(canonicalForm(value as unknown as QueryKey));
  return bytes > MAX_KEY_BYTES ? `a query key has at most ${MAX_KEY_BYTES} bytes, got ${bytes}` : undefined;
}

/** Whether `value` is a query key within the limits of the protocol. */
export function isQueryKey(value: unknown): value is QueryKey {
  return queryKeyProblem(value) === undefined;
}

/**
 * The canonical form (RFC 8785) of a JSON value: two query keys are the same if and only if these strings are equal.
 * Expects a checked value; throws a `TypeError` for what JSON cannot express.
 */
export function canonicalForm(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a canonical form exists only for JSON values');
  return text;
}

function jsonProblem(value: unknown, depth: number): string | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'string') return textProblem(value);
  if (typeof value === 'number') return numberProblem(value);
  if (typeof value !== 'object') return `a query key holds JSON values only, got ${typeof value}`;
  if (depth > MAX_KEY_DEPTH) return `a query key nests at most ${MAX_KEY_DEPTH} levels`;
  return Array.isArray(value) ? arrayProblem(value, depth) : objectProblem(value, depth);
}

function arrayProblem(value: readonly unknown[], depth: number): string | undefined {
  if (value.length > MAX_KEY_BYTES) return `a query key has at most ${MAX_KEY_BYTES} bytes`;
  // By index: a hole reads as undefined and is refused, where iteration methods would skip it.
  for (let index = 0; index < value.length; index += 1) {
    const problem = jsonProblem(value[index], depth + 1);
    if (problem) return problem;
  }
  return undefined;
}

function objectProblem(value: object, depth: number): string | undefined {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return 'a query key holds plain objects only, not dates or class instances';
  }
  if (typeof Reflect.get(value, 'toJSON') === 'function') return 'a query key holds JSON values only, got a function';
  for (const [name, member] of Object.entries(value)) {
    const problem = textProblem(name) ?? jsonProblem(member, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}

function textProblem(value: string): string | undefined {
  if (value.length > MAX_KEY_BYTES) return `a query key has at most ${MAX_KEY_BYTES} bytes`;
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
