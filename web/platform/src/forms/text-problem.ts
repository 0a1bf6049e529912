/** What the server accepts as a text. */
export interface TextRule {
  /** Characters, without spaces around; default 1, so not empty. */
  min?: number;
  max: number;
  /** Whether it may have several lines; default false. */
  lines?: boolean;
}

/** Halves of characters, and what turns or breaks the line that others read. */
const HARMLESS = /^[^\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
const LINE = /^\P{Cc}*$/u;
const LINES = /^(?:\P{Cc}|[\t\n\r])*$/u;

/** What is wrong with a text that was typed, in the server's words and by its rules; `null` when nothing is. */
export function textProblem(typed: string, { min = 1, max, lines = false }: TextRule): string | null {
  const text = typed.trim();
  if (text.length < min) return min === 1 ? 'must not be empty' : `must have at least ${min} characters`;
  if (text.length > max) return 'is too long';
  if (!HARMLESS.test(text) || !(lines ? LINES : LINE).test(text)) return 'must not contain control characters';
  if (text !== '' && !VISIBLE.test(text)) return 'must not be empty';
  return null;
}
