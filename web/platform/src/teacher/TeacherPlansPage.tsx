import type { TeacherStudyPlan } from '@querycast/platform-protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/api-context.js';
import { teacherStudentsQuery, teacherStudyPlansQuery } from '../api/queries.js';
import { CardsSkeleton } from '../app/CardsSkeleton.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { usePageDialog } from '../forms/use-page-dialog.js';
import type { Shown } from '../live/change-marks.js';
import { News } from '../live/News.js';
import { NewButton } from './NewButton.js';
import { type PlanDialog, PlanDialogs } from './plans/PlanDialogs.js';
import { PlansSection } from './plans/PlansSection.js';
import type { PlanFilter } from './plans/plan-filter.js';
import { usePlanWrites } from './plans/use-plan-writes.js';

/** The study plans a teacher wrote. */
export function TeacherPlansPage() {
  const api = useApi();
  const query = useQuery(teacherStudyPlansQuery(api));
  // Asked for at once: the first dialog shall not wait.
  const students = useQuery(teacherStudentsQuery(api));
  const writes = usePlanWrites();
  const { dialog, place, open, close } = usePageDialog<PlanDialog>();
  const [filter, setFilter] = useState<PlanFilter>({ status: 'all', studentId: undefined });
  const likely = students.data?.find(({ id }) => id === filter.studentId);
  return (
    <>
      <PageHead title="Study plans" intro="A draft is yours alone. Student and parent see a plan once you send it.">
        <NewButton label="New plan" onClick={() => open({ kind: 'new', studentId: likely ? String(likely.id) : '' })} />
      </PageHead>
      {query.data && <News shown={query.data.map(shownPlan)} />}
      <QueryState query={query} skeleton={<CardsSkeleton height={210} />}>
        {(plans) => <PlansSection plans={plans} filter={filter} onFilter={setFilter} open={open} place={place} />}
      </QueryState>
      <PlanDialogs dialog={dialog} students={students} writes={writes} onClose={close} />
    </>
  );
}

function shownPlan({ id, title, student, status }: TeacherStudyPlan): Shown {
  return [String(id), `plan ${title} for ${student.name}, ${status}`];
}
