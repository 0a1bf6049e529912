import type { StudentMaterial } from '@querycast/platform-protocol';

/** A report of progress that the server has not answered yet. */
export interface PendingReport {
  readonly materialId: number;
  readonly progressPercentage: number;
}

/**
 * A material as its page shows it: with what was reported last, also before the server has answered. Not the time: it
 * is added to what was spent before, and a refetch in between would count it twice.
 */
export function shownMaterial(material: StudentMaterial, pending: readonly PendingReport[]): StudentMaterial {
  const reports = pending.filter(({ materialId }) => materialId === material.id);
  return {
    ...material,
    progressPercentage: reports.at(-1)?.progressPercentage ?? material.progressPercentage,
    isCompleted: material.isCompleted || reports.some(({ progressPercentage }) => progressPercentage === 100),
  };
}
