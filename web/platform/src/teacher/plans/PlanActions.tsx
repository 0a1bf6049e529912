import type { TeacherStudyPlan } from '@querycast/platform-protocol';
import { CardButton } from '../CardButton.js';
import type { PlanDialog } from './PlanDialogs.js';

/** What can be done with a plan as it is now. */
export function PlanActions({ plan, open }: { plan: TeacherStudyPlan; open: (dialog: PlanDialog) => void }) {
  const of = plan.title;
  return (
    <>
      {plan.status === 'draft' && (
        <>
          <CardButton label="Send" of={of} isMain onClick={() => open({ kind: 'send', plan })} />
          <CardButton label="Edit" of={of} onClick={() => open({ kind: 'edit', plan })} />
        </>
      )}
      {plan.status === 'sent' && <CardButton label="Archive" of={of} onClick={() => open({ kind: 'archive', plan })} />}
      <CardButton key="delete" label="Delete" of={of} onClick={() => open({ kind: 'delete', plan })} />
    </>
  );
}
