import type { TeacherStudent, TeacherWeeklyReport } from '@querycast/platform-protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { ConfirmDialog } from '../../forms/ConfirmDialog.js';
import type { WeeklyWrites } from './use-weekly-writes.js';
import { EditWeeklyDialog, NewWeeklyDialog } from './WeeklyFormDialogs.js';
import { weeklyTitle } from './weekly-title.js';

/** A dialog about weekly reports. */
export type WeeklyDialog =
  | { readonly kind: 'new' }
  | { readonly kind: 'edit' | 'send'; readonly report: TeacherWeeklyReport };

/** Whichever dialog is open. */
export function WeeklyDialogs(props: {
  dialog: WeeklyDialog | undefined;
  students: UseQueryResult<TeacherStudent[]>;
  writes: WeeklyWrites;
  onClose: () => void;
}) {
  const { dialog, students, writes, onClose } = props;
  if (!dialog) return null;
  if (dialog.kind === 'new') return <NewWeeklyDialog students={students} create={writes.create} onClose={onClose} />;
  const { kind, report } = dialog;
  if (kind === 'edit') return <EditWeeklyDialog key={report.id} report={report} edit={writes.edit} onClose={onClose} />;
  return (
    <ConfirmDialog
      key={report.id}
      title="Send this report?"
      confirmLabel="Send"
      destroys={false}
      confirm={() => writes.send(report.id)}
      onClose={onClose}
    >
      The tutor sees the report on {weeklyTitle(report)} at once. A report that was sent cannot be changed any more.
    </ConfirmDialog>
  );
}
