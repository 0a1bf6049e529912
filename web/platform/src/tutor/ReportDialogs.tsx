import type { PersonName, TutorStudent, TutorWeeklyReport } from '@querycast/platform-protocol';
import { EditReportDialog } from './EditReportDialog.js';
import { NewReportDialog } from './NewReportDialog.js';
import { SendReportDialog } from './SendReportDialog.js';

/** A dialog about reports, with what it was opened for: what changes on the page meanwhile does not change it. */
export type ReportDialog =
  | { readonly kind: 'new'; readonly students: readonly TutorStudent[] }
  | { readonly kind: 'edit'; readonly report: TutorWeeklyReport }
  | { readonly kind: 'send'; readonly report: TutorWeeklyReport; readonly parent: PersonName };

/** Whichever dialog is open. */
export function ReportDialogs({ dialog, onClose }: { dialog: ReportDialog | undefined; onClose: () => void }) {
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'new':
      return <NewReportDialog students={dialog.students} onClose={onClose} />;
    case 'edit':
      return <EditReportDialog report={dialog.report} onClose={onClose} />;
    case 'send':
      return <SendReportDialog report={dialog.report} parent={dialog.parent} onClose={onClose} />;
  }
}
