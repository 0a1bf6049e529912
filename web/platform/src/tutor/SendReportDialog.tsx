import type { PersonName, TutorWeeklyReport } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { ConfirmDialog } from '../forms/ConfirmDialog.js';
import { titleOf } from './weekly-report.js';
import { sendReportMutation } from './weekly-report-mutations.js';

/** Asks before a draft goes to the parent, who was the parent when the dialog was opened. */
export function SendReportDialog(props: { report: TutorWeeklyReport; parent: PersonName; onClose: () => void }) {
  const { report, parent, onClose } = props;
  const send = useMutation(sendReportMutation(useApi(), useQueryClient()));
  return (
    <ConfirmDialog
      title="Send this report?"
      confirmLabel="Send"
      destroys={false}
      confirm={() => send.mutateAsync(report.id)}
      onClose={onClose}
    >
      {parent.name} sees “{titleOf(report)}” at once. It cannot be edited or taken back any more.
    </ConfirmDialog>
  );
}
