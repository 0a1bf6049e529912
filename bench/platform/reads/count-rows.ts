/** How many items the lists of an answer hold, those of lists within them included. */
export function countRows(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null) return 0;
  const inside = Object.values(answer).reduce<number>((sum, value) => sum + countRows(value), 0);
  return Array.isArray(answer) ? answer.length + inside : inside;
}
