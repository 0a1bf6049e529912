const STEP = 15;
const FIRST = 10;

/** Short of 100: what is completed once stays so, and the step could be taken only once. */
const HIGHEST = 95;

/** Where a student is after the next piece of work, in whole percent; from near the end back to the beginning. */
export function nextProgress(percentage: number): number {
  return percentage >= HIGHEST ? FIRST : Math.min(HIGHEST, percentage + STEP);
}
