import { platformKeys, type ReportProgress, type StudentMaterial } from '@querycast/platform-protocol';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/api-context.js';
import type { PlatformApi } from '../api/platform-api.js';
import { writeOptions } from '../api/write.js';
import { type PendingReport, shownMaterial } from './shown-material.js';

/** What the student's page of materials reports. */
export interface ProgressReports {
  /** A material with what was reported of it, also before the server has answered. */
  shown(material: StudentMaterial): StudentMaterial;
  /** Resolves once the page shows what the server has; rejects when it refused, and the page shows what was before. */
  report(materialId: number, progress: ReportProgress): Promise<void>;
}

/** Reports progress; the page shows it at once. */
export function useProgressReports(): ProgressReports {
  const { mutateAsync } = useMutation(reportMutation(useApi(), useQueryClient()));
  const [pending, setPending] = useState<readonly PendingReport[]>([]);

  async function report(materialId: number, progress: ReportProgress): Promise<void> {
    const own = { materialId, progressPercentage: progress.progressPercentage };
    setPending((all) => [...all, own]);
    try {
      await mutateAsync({ materialId, ...progress });
    } finally {
      setPending((all) => all.filter((each) => each !== own));
    }
  }

  return { shown: (material) => shownMaterial(material, pending), report };
}

function reportMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(
    queryClient,
    platformKeys.studentMaterials(),
    'report-progress',
    ({ materialId, ...progress }: ReportProgress & { materialId: number }) => api.reportProgress(materialId, progress),
  );
}
