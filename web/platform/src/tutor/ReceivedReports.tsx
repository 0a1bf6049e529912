import type { TeacherWeeklyReport } from '@querycast/platform-protocol';
import { IconMailOpened } from '@tabler/icons-react';
import { EmptyState } from '../app/EmptyState.js';
import { GlowList } from '../live/GlowList.js';
import { ReportCard } from '../reports/ReportCard.js';
import { titleOf } from './weekly-report.js';

/** What teachers wrote to a tutor, to read and to print. */
export function ReceivedReports({ reports }: { reports: readonly TeacherWeeklyReport[] }) {
  return (
    <GlowList
      items={reports}
      label="Reports from teachers"
      empty={
        <EmptyState title="Nothing from teachers yet" icon={<IconMailOpened size={30} stroke={1.5} />}>
          What the teachers of your students send you appears here by itself.
        </EmptyState>
      }
    >
      {(report) => (
        <ReportCard
          report={{ ...report, title: titleOf(report), text: report.summary, who: `From ${report.teacher.name}` }}
        />
      )}
    </GlowList>
  );
}
