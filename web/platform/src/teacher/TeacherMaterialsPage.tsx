import type { TeacherMaterial } from '@querycast/platform-protocol';
import { IconBooks } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { teacherMaterialsQuery, teacherStudentsQuery } from '../api/queries.js';
import { CardsSkeleton } from '../app/CardsSkeleton.js';
import { EmptyState } from '../app/EmptyState.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { usePageDialog } from '../forms/use-page-dialog.js';
import type { Shown } from '../live/change-marks.js';
import { GlowList } from '../live/GlowList.js';
import { News } from '../live/News.js';
import { useActions } from '../notices/use-actions.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { MaterialActions } from './materials/MaterialActions.js';
import { MaterialCard } from './materials/MaterialCard.js';
import { type MaterialDialog, MaterialDialogs } from './materials/MaterialDialogs.js';
import { useMaterialWrites } from './materials/use-material-writes.js';
import { NewButton } from './NewButton.js';
import classes from './section.module.css';

/** The materials a teacher wrote. */
export function TeacherMaterialsPage() {
  return (
    <WithNotifications>
      <Materials />
    </WithNotifications>
  );
}

function Materials() {
  const api = useApi();
  const query = useQuery(teacherMaterialsQuery(api));
  // Asked for at once: the first dialog shall not wait.
  const students = useQuery(teacherStudentsQuery(api));
  const writes = useMaterialWrites();
  const actions = useActions();
  const { dialog, place, open, close } = usePageDialog<MaterialDialog>();
  return (
    <>
      <PageHead title="Materials" intro="What your students work with. They see what is active and assigned to them.">
        <NewButton label="New material" onClick={() => open({ kind: 'new' })} />
      </PageHead>
      {query.data && <News shown={query.data.flatMap(shownMaterial)} />}
      <QueryState query={query} skeleton={<CardsSkeleton height={220} />}>
        {(materials) => (
          <section ref={place} tabIndex={-1} className={classes.section} aria-label="Materials">
            <GlowList items={materials} label="Materials" empty={<NoMaterials />}>
              {(material) => (
                <MaterialCard material={material}>
                  <MaterialActions material={material} edit={writes.edit} actions={actions} open={open} />
                </MaterialCard>
              )}
            </GlowList>
          </section>
        )}
      </QueryState>
      <MaterialDialogs
        dialog={dialog}
        materials={query.data ?? []}
        students={students}
        writes={writes}
        onClose={close}
      />
    </>
  );
}

function NoMaterials() {
  return (
    <EmptyState title="No materials yet" icon={<IconBooks size={30} stroke={1.5} />}>
      Add the first one with “New material”, then assign it to your students.
    </EmptyState>
  );
}

/** A material, and how far each of its students is: a step of one student does not repeat the others. */
function shownMaterial({ id, title, status, students }: TeacherMaterial): Shown[] {
  return [
    [String(id), `material ${title}, ${status}`],
    ...students.map(
      (student): Shown => [`${id} ${student.id}`, `${student.name} in ${title}, ${student.progressPercentage} %`],
    ),
  ];
}
