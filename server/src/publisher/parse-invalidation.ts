import type { Invalidation } from '@querycast/protocol';
import { invalidationSchema } from '@querycast/protocol/schemas';
import type { z } from 'zod';
import { type InvalidationProblem, InvalidInvalidationError } from './publish-errors.js';

/** Most problems listed one by one, so that an answer stays small whatever was sent. */
const MAX_PROBLEMS = 20;

/** What the schema library calls the types it expects, in words. */
const NOUNS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  int: 'an integer',
};

const FIELDS = Object.keys(invalidationSchema.shape).join(', ');

/** Checks an invalidation from outside. Throws {@link InvalidInvalidationError} with every rule it breaks. */
export function parseInvalidation(value: unknown): Invalidation {
  const result = invalidationSchema.safeParse(value, { error: sentence });
  if (result.success) return result.data;
  throw new InvalidInvalidationError(listProblems(result.error.issues));
}

function listProblems(issues: readonly z.core.$ZodIssue[]): InvalidationProblem[] {
  const byPath = new Map<string, InvalidationProblem>();
  for (const issue of issues) {
    const path = formatPath(issue.path);
    // One sentence per field: the last rule a number breaks is the narrowest.
    byPath.set(path, { path, message: issue.message });
  }
  const problems = [...byPath.values()].slice(0, MAX_PROBLEMS);
  const unlisted = byPath.size - problems.length;
  return unlisted === 0 ? problems : [...problems, { path: '', message: `${unlisted} more problems are not listed` }];
}

/** `["rooms", 3]` as `rooms[3]`. */
function formatPath(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : String(part))).join('');
}

/** One sentence per issue, from types and sizes only: the schema library's own sentences may quote what was sent. */
function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${NOUNS[issue.expected] ?? issue.expected}, got ${describe(issue.input)}`;
    case 'too_small':
      return bound('least', issue.origin, issue.minimum);
    case 'too_big':
      return bound('most', issue.origin, issue.maximum);
    case 'unrecognized_keys':
      return `an invalidation has no fields but ${FIELDS}: got ${issue.keys.length} unknown`;
    case 'custom':
      // The protocol's own sentence stands.
      return undefined;
    default:
      return 'is malformed';
  }
}

function bound(word: 'least' | 'most', origin: string, limit: number | bigint): string {
  if (origin === 'array') return `must have at ${word} ${limit} elements`;
  if (origin === 'string') return `must have at ${word} ${limit} characters`;
  return `must be at ${word} ${limit}`;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'number') return NOUNS[typeof value] ?? typeof value;
  return Number.isFinite(value) ? 'another number' : 'NaN or an infinite number';
}
