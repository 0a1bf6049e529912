import { platformKeys, type ReportProgress, type StudentMaterial } from '@querycast/platform-protocol';
import { studentMaterialsQuery } from '../api/queries.js';
import { writeOptions } from '../api/write.js';
import { nextProgress } from './next-progress.js';
import { ANNA, perform, type Step, StepImpossibleError } from './step.js';

const MINUTES = 5;

/** Anna comes further with a material; near its end she begins anew, so that there is always somewhere to go. */
export const progressStep: Step = {
  title: 'Student makes progress',
  person: 'Anna Petrova, student',
  action: 'Work on a material',
  async run({ student }) {
    const { api, queryClient } = await student.open();
    const subjects = await queryClient.fetchQuery({ ...studentMaterialsQuery(api), staleTime: 0 });
    const materials = subjects.flatMap((subject) => subject.materials);
    const material = materials.find(({ isCompleted }) => !isCompleted) ?? materials[0];
    if (!material) throw new StepImpossibleError('Anna has no material to work on now.');
    const report = writeOptions(queryClient, platformKeys.studentMaterials(), 'progress', (progress: ReportProgress) =>
      api.reportProgress(material.id, progress),
    );
    const progressPercentage = nextProgress(material.progressPercentage);
    await perform(queryClient, report, { progressPercentage, timeSpentMinutes: MINUTES });
    return { said: `“${material.title}” is at ${progressPercentage} % now.`, changed: progressOf(material) };
  },
};

function progressOf({ id }: StudentMaterial) {
  return { source: 'material_progress', row: { student_id: ANNA.id, material_id: id } };
}
