import { type CreateMaterial, type EditMaterial, platformKeys } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.js';
import { writeOptions } from '../../api/write.js';

const KEY = platformKeys.teacherMaterials();

/** Who shall have a material. */
export interface AssignVariables {
  materialId: number;
  studentIds: number[];
}

/** What a teacher does with materials; each rejects as the API does, and shows the list as the server has it either way. */
export function useMaterialWrites() {
  const api = useApi();
  const client = useQueryClient();
  const create = useMutation(
    writeOptions(client, KEY, 'create', (material: CreateMaterial) => api.createMaterial(material)),
  );
  const edit = useMutation(
    writeOptions(client, KEY, 'edit', ({ materialId, ...material }: EditMaterial & { materialId: number }) =>
      api.editMaterial(materialId, material),
    ),
  );
  const assign = useMutation(
    writeOptions(client, KEY, 'assign', ({ materialId, studentIds }: AssignVariables) =>
      api.assignMaterial(materialId, { studentIds }),
    ),
  );
  const remove = useMutation(writeOptions(client, KEY, 'delete', (id: number) => api.deleteMaterial(id)));
  return {
    create: create.mutateAsync,
    edit: edit.mutateAsync,
    assign: assign.mutateAsync,
    remove: remove.mutateAsync,
  };
}

/** As {@link useMaterialWrites} answers. */
export type MaterialWrites = ReturnType<typeof useMaterialWrites>;
