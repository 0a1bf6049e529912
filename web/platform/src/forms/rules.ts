import { type TextRule, textProblem } from './text-problem.js';

/** Says what is wrong with a text. For `validate` of a form. */
export function text(rule: TextRule): (typed: string) => string | null {
  return (typed) => textProblem(typed, rule);
}

/** Says that nothing was chosen yet. For `validate` of a form. */
export function chosen(value: string): string | null {
  return value === '' ? 'must be chosen' : null;
}

/** Says that a day is missing or not of this century, which is all that the server takes. For `validate` of a form. */
export function dayOfThisCentury(date: string): string | null {
  if (date === '') return 'must be a date';
  return date >= '2000-01-01' && date <= '2099-12-31' ? null : 'must be a date of this century';
}
