import { type CreateStudyPlan, type EditStudyPlan, platformKeys } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.js';
import { writeOptions } from '../../api/write.js';

const KEY = platformKeys.studyPlans();

/** What a teacher does with plans; each rejects as the API does, and shows the list as the server has it either way. */
export function usePlanWrites() {
  const api = useApi();
  const client = useQueryClient();
  const create = useMutation(writeOptions(client, KEY, 'create', (plan: CreateStudyPlan) => api.createStudyPlan(plan)));
  const edit = useMutation(
    writeOptions(client, KEY, 'edit', ({ planId, ...plan }: EditStudyPlan & { planId: number }) =>
      api.editStudyPlan(planId, plan),
    ),
  );
  const send = useMutation(writeOptions(client, KEY, 'send', (planId: number) => api.sendStudyPlan(planId)));
  const remove = useMutation(writeOptions(client, KEY, 'delete', (planId: number) => api.deleteStudyPlan(planId)));
  return {
    create: create.mutateAsync,
    edit: edit.mutateAsync,
    send: send.mutateAsync,
    archive: (planId: number) => edit.mutateAsync({ planId, status: 'archived' }),
    remove: remove.mutateAsync,
  };
}

/** As {@link usePlanWrites} answers. */
export type PlanWrites = ReturnType<typeof usePlanWrites>;
