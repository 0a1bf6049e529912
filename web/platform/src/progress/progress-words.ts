import type { Progress } from '@querycast/platform-protocol';

/** How many materials are done, e.g. `2 of 5 materials completed`. */
export function completedText({ completed, materials }: Progress): string {
  if (materials === 0) return 'No materials yet';
  return `${completed} of ${materials} ${materials === 1 ? 'material' : 'materials'} completed`;
}

/** A time in whole minutes, e.g. `45 min`, `2 h` or `1 h 30 min`. */
export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
