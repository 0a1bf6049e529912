import type { StudentReport } from '@querycast/platform-protocol';
import { ConfirmDialog } from '../../forms/ConfirmDialog.js';
import { ReportFormDialog } from './ReportFormDialog.js';
import type { ReportWrites } from './use-report-writes.js';

/** A dialog about reports to a parent. */
export type ReportDialog =
  | { readonly kind: 'new' }
  | { readonly kind: 'edit' | 'send'; readonly report: StudentReport };

/** Whichever dialog is open. */
export function ReportDialogs(props: {
  dialog: ReportDialog | undefined;
  studentName: string;
  writes: ReportWrites;
  onClose: () => void;
}) {
  const { dialog, ...shared } = props;
  if (!dialog) return null;
  if (dialog.kind === 'new') return <ReportFormDialog key="new" {...shared} />;
  const { kind, report } = dialog;
  if (kind === 'edit') return <ReportFormDialog key={report.id} report={report} {...shared} />;
  const { studentName, writes, onClose } = shared;
  return (
    <ConfirmDialog
      key={report.id}
      title="Send this report?"
      confirmLabel="Send"
      destroys={false}
      confirm={() => writes.send(report.id)}
      onClose={onClose}
    >
      The parent of {studentName} sees “{report.title}” at once. A report that was sent cannot be changed any more.
    </ConfirmDialog>
  );
}
